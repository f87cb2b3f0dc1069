import type { Find } from "../write/answer.ts";

/** Returned by a loader in place of a value: what is stale still holds. */
export const UNCHANGED: unique symbol = Symbol("unchanged");

/** Returned by a batch loader in place of one key's value: the load of that key has failed. */
export class LoadFailure {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** What a loader may return that is no value. */
export type Mark = typeof UNCHANGED | LoadFailure;

export function isMark(made: unknown): made is Mark {
  return made === UNCHANGED || made instanceof LoadFailure;
}

/** A value that a loader has made or confirmed. */
export interface LoadedValue<V> {
  readonly value: V;
  readonly etag: string | undefined;
  /** The tags that its loader has named, besides those known from the key. */
  readonly lateTags: readonly string[];
  /** The stale find that was confirmed, if the loader made no new value. */
  readonly confirms: Find<V> | undefined;
}

/** What a loader made of one key. */
export type Outcome<V> = LoadedValue<V> | LoadFailure;
