import type { KeyOptions, LoadingOptions, NoLoaderOptions, PlainKeyOptions, SchemaOptions } from "./declaration.ts";
import type { LoadingNamespace, Namespace } from "./namespace.ts";

/** Declares one kind of value of a cache. */
export interface DeclareNamespace {
  /**
   * Declares a key family without a loader: `get` answers what the tiers hold, `getOrLoad` takes a loader a call.
   *
   * @param name - Unique in this cache: letters, digits, `.`, `_` and `-`. The first part of every key.
   * @throws {@link CacheError} `INVALID_OPTION`.
   */
  <V>(name: string, declaration?: PlainKeyOptions & NoLoaderOptions<V>): Namespace<[id: string], V>;
  /** Declares a key family without a loader, whose key is made of any arguments. */
  <V, K extends readonly unknown[]>(name: string, declaration: KeyOptions<K> & NoLoaderOptions<V>): Namespace<K, V>;
  /** Declares a key family with a loader and a schema, which says what its values are; the key is one string. */
  <V>(name: string, declaration: PlainKeyOptions & SchemaOptions<[id: string], V>): LoadingNamespace<[id: string], V>;
  /** Declares a key family with a loader and a schema, which says what its values are. */
  <V, K extends readonly unknown[]>(
    name: string,
    declaration: KeyOptions<K> & SchemaOptions<K, V>,
  ): LoadingNamespace<K, V>;
  /** Declares a key family with a loader, whose key is one string. */
  <L extends V, V = L>(
    name: string,
    declaration: PlainKeyOptions & LoadingOptions<[id: string], V, L>,
  ): LoadingNamespace<[id: string], V>;
  /**
   * Declares a key family with a loader. The types of the key's arguments come from `key`, the type of the value from
   * the loader.
   *
   * @param name - Unique in this cache: letters, digits, `.`, `_` and `-`. The first part of every key.
   * @throws {@link CacheError} `INVALID_OPTION`.
   *
   * @example
   * ```ts
   * import { createCache, hours } from "@tiercache/core";
   * import { lru } from "@tiercache/lru";
   *
   * const cache = createCache({ tiers: [lru()] });
   * const squares = cache.namespace("square", {
   *   key: (n: number) => [n],
   *   load: (n) => n * n,
   *   ttlMs: hours(1),
   * });
   * console.log(await squares.get(12)); // 144
   * await cache.close();
   * ```
   */
  <L extends V, K extends readonly unknown[], V = L>(
    name: string,
    declaration: KeyOptions<K> & LoadingOptions<K, V, L>,
  ): LoadingNamespace<K, V>;
}
