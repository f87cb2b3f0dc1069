import type { Ms } from "./clock.ts";

/** What a loader is given besides the key, and by which it says what the value alone does not. */
export interface LoaderContext {
  /**
   * Fires when the load has taken longer than the hard timeout, when the last of its readers has left, or when the cache
   * is closed. Hand it to whatever the loader waits for.
   */
  readonly signal: AbortSignal;
  /**
   * Decides how long what is being loaded is fresh, in ms, in place of the namespace's `ttlMs`; `Infinity` for ever, 0
   * hands it out without keeping it. The last call counts; jitter and the stale times of the namespace apply. Of a batch
   * it decides for all of its values.
   *
   * @throws `INVALID_OPTION` for anything but a number of at least 0.
   */
  readonly keepFor: (ttlMs: Ms) => void;
}

/**
 * Makes the value of a key when no tier has it. `K` is the tuple of the key's arguments.
 *
 * What it throws or rejects with reaches every waiting caller as it is and is not cached. Returning `undefined`, `null`,
 * `0`, `""` or `false` caches just that.
 */
export type Loader<K extends readonly unknown[], V> = (
  ...args: [...key: K, context: LoaderContext]
) => V | PromiseLike<V>;

/**
 * Makes the values of many keys at once: called with each missing key once. Resolves to one value a key, in the
 * order of the keys.
 */
export type BatchLoader<K extends readonly unknown[], V> = (
  keys: readonly K[],
  context: LoaderContext,
) => readonly V[] | PromiseLike<readonly V[]>;
