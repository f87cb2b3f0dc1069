import {
  CacheError,
  callable,
  checkOptions,
  type Entry,
  type LocalShare,
  type LocalSpace,
  type LocalTier,
  positiveInteger,
} from "@tiercache/core";
import { Budget } from "./budget.ts";
import { Grants } from "./grants.ts";
import { LruSpace, type SizeOf } from "./lru-space.ts";

/** A local tier bounded by the number of its entries. */
export interface LruByEntries {
  /** The most entries held, over all namespaces; a whole number of at least 1. @defaultValue 10_000 */
  readonly maxEntries?: number;
  readonly maxBytes?: undefined;
  readonly sizeOf?: undefined;
}

/** A local tier bounded by the size of its values. */
export interface LruByBytes {
  readonly maxEntries?: undefined;
  /**
   * The most bytes of values held, over all namespaces; a whole number of at least 1. Keys and bookkeeping come on top.
   */
  readonly maxBytes: number;
  /**
   * Tells how many bytes a value takes: a whole number of at least 1. Called once for each entry that is set; not for
   * `undefined`, which counts as 1. A value for which it returns anything else, or throws, is not kept in this tier.
   */
  readonly sizeOf: (value: unknown) => number;
}

/** How much a local tier may hold: by entries or by bytes, never both. */
export type LruOptions = LruByEntries | LruByBytes;

const DEFAULT_MAX_ENTRIES = 10_000;

const optionRules = { maxEntries: positiveInteger, maxBytes: positiveInteger, sizeOf: callable };

const oneEach: SizeOf = () => 1;

/**
 * Makes a bounded local tier that drops what was not used for the longest time. All namespaces share one budget: while
 * it is not exhausted any of them may use all of it; once it is, the one that holds most gives way, so that none is
 * pushed below its equal share by another.
 *
 * A namespace's `local.minShare` promises it a part of the budget: it is whoever holds most *above* its promise that
 * gives way. Its `local.maxShare` caps it. Both are rounded down to whole entries, or bytes, and hold for as long as the
 * tier lives; what together is more than the whole, or less than one entry or byte, is refused as `INVALID_OPTION` where
 * the namespace is declared.
 *
 * Each write looks at three of the entries held and drops what has expired, before it drops what was not used. No other
 * method looks at an entry's end. Caches that share a tier need clocks that count from the same instant.
 *
 * A value that is larger than the whole budget, or than what its namespace may take, is not kept, and neither is what was
 * held under its id.
 *
 * @throws `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { createCache } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * const byEntries = createCache({ tiers: [lru({ maxEntries: 50_000 })] });
 * const byBytes = createCache({
 *   tiers: [lru({ maxBytes: 64 * 1_048_576, sizeOf: (value) => Buffer.byteLength(JSON.stringify(value)) })],
 * });
 * ```
 */
export function lru(options: LruOptions = {}): LocalTier {
  checkOptions("lru", options, optionRules);
  const { maxEntries, maxBytes, sizeOf } = options;
  if (maxEntries !== undefined && maxBytes !== undefined) throw excluded("maxEntries", "maxBytes");
  if (maxBytes !== undefined && sizeOf === undefined) {
    throw new CacheError("INVALID_OPTION", "lru.sizeOf is missing; maxBytes needs it to know a value's bytes.");
  }
  if (maxBytes === undefined && sizeOf !== undefined) throw excluded("sizeOf", "maxEntries");
  const limit = maxBytes ?? maxEntries ?? DEFAULT_MAX_ENTRIES;
  const budget = new Budget(limit, maxBytes === undefined ? "entries" : "bytes");
  const sizeOfEntry = sizeOf === undefined ? oneEach : bytesOf(sizeOf);
  const grants = new Grants(budget.limit);
  return {
    name: "lru",
    open: <V>(namespace: string, share?: LocalShare): LocalSpace<V> =>
      new LruSpace<V>(budget, sizeOfEntry, grants.grant(namespace, share)),
  };
}

/** A tier must not throw, so a user's function that does says by it that the value does not fit. */
function bytesOf(sizeOf: (value: unknown) => number): SizeOf {
  return ({ value }: Entry<unknown>) => {
    if (value === undefined) return 1;
    try {
      return sizeOf(value);
    } catch {
      return Number.NaN;
    }
  };
}

function excluded(option: string, other: string): CacheError {
  return new CacheError(
    "INVALID_OPTION",
    `lru.${option} excludes lru.${other}; allowed is maxEntries, or maxBytes with sizeOf.`,
  );
}
