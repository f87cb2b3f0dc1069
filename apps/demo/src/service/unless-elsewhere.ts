import { type Cache, type HeldLock, isCacheError, seconds } from "@tiercache/core";

/** Some work that is to be done by one instance at a time. */
export interface SoleWork<T> {
  /** Of the lock. */
  readonly name: string;
  readonly work: (lock: HeldLock) => Promise<T>;
  /** Fires the lock's own signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Does the work unless somebody is at it, in whatever instance.
 *
 * @returns What the work returns; `undefined` where somebody is at it.
 * @throws (rejects) What the work throws; `LOCK_UNAVAILABLE` while the tier with the lock cannot be reached; `LOCK_LOST` where the lock was
 * lost on the way.
 */
export async function unlessElsewhere<T>(cache: Cache, { name, work, signal }: SoleWork<T>): Promise<T | undefined> {
  try {
    return await cache.withLock(name, { leaseMs: seconds(5), waitMs: 0, ...(signal && { signal }) }, work);
  } catch (error) {
    if (isCacheError(error) && error.code === "LOCK_NOT_ACQUIRED") return undefined;
    throw error;
  }
}
