import { CloningDoor } from "./cloning-door.ts";
import type { CacheStats } from "./contracts/stats.ts";
import type {
  Declaration,
  KeyOptions,
  LoadingOptions,
  NoLoaderOptions,
  PlainKeyOptions,
  SchemaOptions,
} from "./declaration.ts";
import { CacheError } from "./errors.ts";
import { FrontDoor } from "./front-door.ts";
import { HotDoor } from "./hot-door.ts";
import type { LoadingNamespace, Namespace } from "./namespace.ts";
import { PlainDoor } from "./plain-door.ts";
import { type CacheOptions, checkNamespaceName, type Stack, stackOf } from "./stack.ts";

/** Tiers in order, and the namespaces whose values they hold. Made by {@link createCache}. */
export class Cache implements AsyncDisposable {
  readonly #stack: Stack;
  readonly #names = new Set<string>();

  /** @internal */
  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /**
   * Declares a key family without a loader: `get` answers what the tiers hold, `getOrLoad` takes a loader a call.
   *
   * @param name - Unique in this cache: letters, digits, `.`, `_` and `-`. The first part of every key.
   * @throws {@link CacheError} `INVALID_OPTION`.
   */
  namespace<V>(name: string, declaration?: PlainKeyOptions & NoLoaderOptions<V>): Namespace<[id: string], V>;
  /** Declares a key family without a loader, whose key is made of any arguments. */
  namespace<V, K extends readonly unknown[]>(
    name: string,
    declaration: KeyOptions<K> & NoLoaderOptions<V>,
  ): Namespace<K, V>;
  /** Declares a key family with a loader and a schema, which says what its values are; the key is one string. */
  namespace<V>(
    name: string,
    declaration: PlainKeyOptions & SchemaOptions<[id: string], V>,
  ): LoadingNamespace<[id: string], V>;
  /** Declares a key family with a loader and a schema, which says what its values are. */
  namespace<V, K extends readonly unknown[]>(
    name: string,
    declaration: KeyOptions<K> & SchemaOptions<K, V>,
  ): LoadingNamespace<K, V>;
  /** Declares a key family with a loader, whose key is one string. */
  namespace<L extends V, V = L>(
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
  namespace<L extends V, K extends readonly unknown[], V = L>(
    name: string,
    declaration: KeyOptions<K> & LoadingOptions<K, V, L>,
  ): LoadingNamespace<K, V>;
  namespace<V, K extends readonly unknown[]>(name: string, declaration: Declaration<K, V> = {}): Namespace<K, V> {
    checkNamespaceName(name);
    if (this.#names.has(name)) {
      throw new CacheError(
        "INVALID_OPTION",
        `The namespace "${name}" is declared twice; a name stands for one key family.`,
      );
    }
    this.#stack.lifetime.assertOpen();
    const door = doorOf(this.#stack, name, declaration);
    this.#names.add(name);
    return door.isolation === "clone" ? new CloningDoor(door) : door;
  }

  /**
   * Waits for everything that goes on behind the readers' backs: refreshes, loads and the writes of what was loaded,
   * and what these start in turn. A loader that never ends keeps it waiting; `hardTimeoutMs` bounds that.
   *
   * Never rejects. The cache goes on as before.
   */
  async drain(): Promise<void> {
    const { lifetime, remotes } = this.#stack;
    for (;;) {
      const work = [...lifetime.background, ...remotes.flatMap((tier) => tier.writes)];
      if (work.length === 0) return;
      await Promise.all(work);
    }
  }

  /**
   * Ends the cache: refuses further work, fires the loaders' signals, waits for the writes on their way (each no longer
   * than a tier's deadline) and closes the connections that the tiers opened themselves. A connection that was handed
   * in stays open. What is in the local tier may still be read, and a load that does not heed its signal still answers
   * those who wait for it: call {@link drain} first to let everything end in its own time.
   *
   * Never rejects; calling it again does nothing.
   */
  async close(): Promise<void> {
    if (!this.#stack.lifetime.end()) return;
    await this.#stack.bus?.close();
    await Promise.all(this.#stack.links.map((tier) => tier.close()));
    this.#stack.endObservation();
  }

  /**
   * What the cache and each of its namespaces and tiers have done, since it was made or {@link resetStats} was called, and over
   * the last 1, 5 and 15 minutes. All of it is known in this process: no tier is asked, and it never throws.
   *
   * @example
   * ```ts
   * import { createCache } from "@tiercache/core";
   * import { lru } from "@tiercache/lru";
   *
   * const cache = createCache({ tiers: [lru()] });
   * const users = cache.namespace("user", { load: (id) => ({ id }) });
   * await users.get("7");
   * await users.get("7");
   * console.log(cache.stats().namespaces["user"]?.last5Min.hitRate); // 0.5
   * await cache.close();
   * ```
   */
  stats(): CacheStats {
    return this.#stack.statistics.stats();
  }

  /** Begins to count anew, in all namespaces and tiers. What observers count goes on. */
  resetStats(): void {
    this.#stack.statistics.reset();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function doorOf<K extends readonly unknown[], V>(
  stack: Stack,
  name: string,
  declaration: Declaration<K, V>,
): FrontDoor<K, V> {
  const { hotKeys = false } = declaration ?? {};
  if (hotKeys !== false) return new HotDoor(stack, name, declaration);
  if (declaration?.key !== undefined) return new FrontDoor(stack, name, declaration);
  // Without a `key`, the signatures say that `K` is one string.
  return new PlainDoor(stack, name, declaration as Declaration<[id: string], V>) as unknown as FrontDoor<K, V>;
}

/**
 * Makes a cache from its tiers, nearest first.
 *
 * @throws {@link CacheError} `INVALID_OPTION` for a wrong name or value, naming the option, the value and what is
 * allowed.
 *
 * @example
 * ```ts
 * import { createCache, minutes } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * const cache = createCache({ tiers: [lru({ maxEntries: 10_000 })], ttlMs: minutes(5) });
 * const users = cache.namespace("user", { load: (id) => ({ id, name: `user ${id}` }) });
 * console.log((await users.get("7")).name); // "user 7"
 * await cache.close();
 * ```
 */
export function createCache(options: CacheOptions): Cache {
  return new Cache(stackOf(options));
}
