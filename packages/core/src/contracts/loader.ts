import type { Ms } from "./clock.ts";
import type { KeyOf } from "./key.ts";

/** What the cache still has of a key that is being loaded. */
export interface StaleValue {
  /** The value that the load is to replace; the loader's own to change only where `isolate` is `"clone"`. */
  readonly value: unknown;
  /** What the loader said of that version by {@link LoaderContext.setEtag}. */
  readonly etag: string | undefined;
  /** How long ago it was loaded, set or last found unchanged, in ms. */
  readonly ageMs: Ms;
}

/** A namespace, as far as a loader has to know it that learns values of it. */
export interface CompanionNamespace<K extends readonly unknown[], V> {
  readonly name: string;
  get(...key: K): Promise<unknown>;
  set(key: never, value: V): Promise<unknown>;
}

/** What every loader is given besides its keys, and by which it says what the values alone do not. */
interface LoadTools {
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
  /**
   * Keeps what the loader has learned of another key, of this or another namespace of the cache, as if that had been loaded: by that
   * namespace's rules and under its tags, where nothing fresh is yet. It is kept once the loader has returned, unless that key or one of
   * its tags has ended since the load began, or that cannot be told; nor is it where the load may not keep its own value, as that
   * has ended. Remote tiers get it where the nearest one with a bus has a fence too. It counts as no read and no load.
   *
   * @throws `INVALID_OPTION` for what is no namespace of the same cache; `INVALID_KEY`; `INVALID_VALUE` for a promise.
   */
  readonly keepAlso: <K extends readonly unknown[], V>(
    namespace: CompanionNamespace<K, V>,
    key: NoInfer<KeyOf<K>>,
    value: NoInfer<V>,
  ) => void;
  /**
   * To be returned in place of a value: the origin still has what is stale here, as an HTTP server says by 304. The stale
   * value is fresh again from now on, and a remote tier that holds it is told so without being sent it again. Where
   * nothing is stale, the load fails with `INVALID_VALUE`, and so it does where this is called and not returned: its type
   * is `never` only so that it fits any loader.
   */
  readonly unchanged: () => never;
}

/**
 * What the loader of one key is given besides the key.
 *
 * @example
 * ```ts
 * import { createCache, type LoaderContext } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * async function page(path: string, { signal, stale, setEtag, unchanged }: LoaderContext): Promise<string> {
 *   const headers = stale?.etag === undefined ? undefined : { "if-none-match": stale.etag };
 *   const response = await fetch(`http://origin.example${path}`, { signal, ...(headers && { headers }) });
 *   if (response.status === 304) return unchanged();
 *   const etag = response.headers.get("etag");
 *   if (etag !== null) setEtag(etag);
 *   return response.text();
 * }
 *
 * const pages = createCache({ tiers: [lru()] }).namespace("page", { load: page });
 * console.log(pages.name); // "page"
 * ```
 */
export interface LoaderContext extends LoadTools {
  /**
   * What is stale of the key: the newest that a tier has, or what is due for a refresh. `undefined` where there is nothing or
   * it was invalidated, and for a load that asks no tier (`from: "load"`).
   */
  readonly stale: StaleValue | undefined;
  /**
   * Says how the origin names this version of the value, to be seen again as `stale.etag`. The last call counts. With
   * {@link unchanged} the name is that of before where none is said.
   *
   * @throws `INVALID_OPTION` for anything but a well-formed string of 1 to 1,024 characters.
   */
  readonly setEtag: (etag: string) => void;
  /**
   * Adds tags that are known only now, to those that the namespace declares: the value goes when one of them is invalidated. What
   * was invalidated while it was being loaded must not be kept, and of a tag that this process has never met nobody can say:
   * then the value is handed out and not kept, told to the observer as `not-kept`, and kept the next time. Prefer to declare
   * what is known from the key. Called again, it adds more. With {@link unchanged} they are to be named anew.
   *
   * @throws `INVALID_OPTION` for what is no tag, see `tags` of a namespace, and for more than 32 in all.
   */
  readonly addTags: (...tags: readonly string[]) => void;
}

/** What a batch loader is given besides the keys. Positions are those of the keys, from 0. */
export interface BatchLoaderContext extends LoadTools {
  /** What is stale of each key. */
  readonly stale: readonly (StaleValue | undefined)[];
  /**
   * As {@link LoaderContext.setEtag}, for the key at a position.
   *
   * @throws `INVALID_OPTION` also for a position that is none of the keys'.
   */
  readonly setEtag: (position: number, etag: string) => void;
  /**
   * As {@link LoaderContext.addTags}, for the key at a position.
   *
   * @throws `INVALID_OPTION` also for a position that is none of the keys'.
   */
  readonly addTags: (position: number, tags: readonly string[]) => void;
  /**
   * To be returned in place of one key's value: the load of that key alone has failed. Who reads the key gets the error as
   * it is, or a stale value that `staleIfErrorMs` allows; the other keys are not touched by it. Where it is called and
   * not returned, the whole load fails with `INVALID_VALUE`.
   */
  readonly failed: (error: unknown) => never;
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
 * order of the keys. What it throws fails all of them; one key alone fails by {@link BatchLoaderContext.failed}.
 */
export type BatchLoader<K extends readonly unknown[], V> = (
  keys: readonly K[],
  context: BatchLoaderContext,
) => readonly V[] | PromiseLike<readonly V[]>;
