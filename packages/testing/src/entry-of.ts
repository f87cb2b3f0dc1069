import type { Entry } from "@tiercache/core";

/**
 * An entry for tests of local tiers, which hold entries without judging them: made at 0 and fresh for ever.
 *
 * @param instants - Any instants that are to be others.
 */
export function entryOf<V>(value: V, instants: Partial<Omit<Entry<V>, "value" | "promise">> = {}): Entry<V> {
  const never = Number.POSITIVE_INFINITY;
  return {
    value,
    promise: undefined,
    createdAt: 0,
    refreshAt: never,
    freshUntil: never,
    expiresAt: never,
    loadMs: 0,
    invalidated: false,
    etag: undefined,
    stamps: undefined,
    epoch: 0,
    retryLoadAt: 0,
    ...instants,
  };
}
