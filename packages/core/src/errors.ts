/**
 * What went wrong, for programs:
 *
 * - `INVALID_OPTION`: an option has a wrong name or value; thrown where the option was given.
 * - `INVALID_KEY`: a key part is not one of the kinds a key may be made of; a key is too long or no well-formed Unicode.
 * - `INVALID_VALUE`: a value handed to `set` cannot be kept (a promise, or nothing the serializer can encode).
 * - `INVALID_BATCH`: a batch loader returned something other than one result per key.
 * - `ABANDONED`: the reason of a loader's signal when nobody waits for its load any longer. Never reaches a reader.
 * - `LOADS_ITSELF`: a loader reads, directly or through other keys, the key it is loading; it would wait for itself.
 * - `LOAD_TIMEOUT`: the loader has not ended within the hard timeout, and there was no stale value to serve.
 * - `TIER_TIMEOUT`: a remote tier did not answer within its deadline. Never reaches a reader.
 * - `TIER_FAILED`: a remote tier failed. Never reaches a reader.
 * - `LOCK_NOT_ACQUIRED`: a lock was held by somebody else for as long as the caller would wait.
 * - `LOCK_UNAVAILABLE`: whether a lock is held could not be found out: no tier can lock, or the one that can was not reached.
 * - `LOCK_LOST`: a lock may have been held by somebody else before the work under it had ended.
 * - `BREAKER_OPEN`: a circuit breaker around a loader has refused to run it. Of a tier's it never reaches a reader.
 * - `CLOSED`: the cache was used after `close()`.
 */
export type CacheErrorCode =
  | "INVALID_OPTION"
  | "INVALID_KEY"
  | "INVALID_VALUE"
  | "INVALID_BATCH"
  | "ABANDONED"
  | "LOADS_ITSELF"
  | "LOAD_TIMEOUT"
  | "TIER_TIMEOUT"
  | "TIER_FAILED"
  | "LOCK_NOT_ACQUIRED"
  | "LOCK_UNAVAILABLE"
  | "LOCK_LOST"
  | "BREAKER_OPEN"
  | "CLOSED";

/** The property that marks our errors, shared by all copies of this package in one process. */
const MARK = Symbol.for("tiercache.error");

/**
 * The only error tiercache makes. A loader's own error is never wrapped in it: it reaches the caller as it was thrown.
 * Messages name options, namespaces and kinds of values, never a cached value or a credential.
 */
export class CacheError extends Error {
  readonly code: CacheErrorCode;

  constructor(code: CacheErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CacheError";
    this.code = code;
    Object.defineProperty(this, MARK, { value: true });
  }
}

/**
 * Tells whether a caught value is a {@link CacheError}, also one made by another copy of this package
 * (the ES module and the CommonJS build loaded side by side, or two versions).
 *
 * @example
 * ```ts
 * import { createCache, isCacheError } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * try {
 *   createCache({ tiers: [lru()], ttlMs: -1 });
 * } catch (error) {
 *   console.log(isCacheError(error) && error.code); // "INVALID_OPTION"
 * }
 * ```
 */
export function isCacheError(error: unknown): error is CacheError {
  return typeof error === "object" && error !== null && MARK in error;
}
