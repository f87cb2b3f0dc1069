/** What a loader is given besides the key. */
export interface LoaderContext {
  /** Fires when the cache is closed. Hand it to whatever the loader waits for. */
  readonly signal: AbortSignal;
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
