import { CloningDoor } from "./cloning-door.ts";
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
import type { LoadingNamespace, Namespace } from "./namespace.ts";
import { PlainDoor } from "./plain-door.ts";
import { type CacheOptions, checkNamespaceName, type Stack, stackOf } from "./stack.ts";
import { checkedTags } from "./tags/tag-rules.ts";
import {
  asRequired,
  checkRemoteOptions,
  type RemoteOptions,
  resultOf,
  type WriteResult,
} from "./write/remote-options.ts";

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
   * Says that something has changed which values of any namespace were made of: everything that has one of these tags is not
   * fresh any longer, nor good enough to answer while it is refreshed; the next read loads. Only where that load fails may a
   * value from before still answer, flagged as stale, for as long as `staleIfErrorMs` allows from now on, if the remote tier
   * that keeps the tags has a fence. To be called after the change. However much has a tag, one call to one remote tier.
   *
   * @throws (rejects) {@link CacheError} `INVALID_OPTION`; `CLOSED` after `close()`; `TIER_FAILED` where `requireRemote` asks for it.
   *
   * @example
   * ```ts
   * import { createCache } from "@tiercache/core";
   * import { lru } from "@tiercache/lru";
   *
   * const cache = createCache({ tiers: [lru()] });
   * let loads = 0;
   * const scores = cache.namespace("score", {
   *   key: (user: number, job: number) => [user, job],
   *   tags: (user, job) => [`user:${user}`, `job:${job}`],
   *   load: () => ++loads,
   * });
   * await scores.get(7, 1);
   * await scores.get(7, 2);
   * await cache.invalidateTags(["user:7"]);
   * console.log(await scores.get(7, 1)); // 3
   * await cache.close();
   * ```
   */
  async invalidateTags(tags: readonly string[], options?: RemoteOptions): Promise<WriteResult> {
    const names = this.#tagNames("invalidateTags", tags, options);
    return asRequired(resultOf(this.#stack.tags.invalidate(names)), options);
  }

  /**
   * Forgets everything that has one of these tags, in all namespaces and tiers and for good: it does not answer for a load that
   * fails either.
   *
   * @throws (rejects) As {@link invalidateTags}.
   */
  async deleteByTags(tags: readonly string[], options?: RemoteOptions): Promise<WriteResult> {
    const names = this.#tagNames("deleteByTags", tags, options);
    return asRequired(resultOf(this.#stack.tags.delete(names)), options);
  }

  /**
   * Forgets everything in all namespaces that are declared here: see {@link Namespace.clear}.
   *
   * @throws (rejects) As {@link Namespace.clear}.
   */
  async clear(options?: RemoteOptions): Promise<WriteResult> {
    checkRemoteOptions("cache.clear", options);
    this.#stack.lifetime.assertOpen();
    return asRequired(resultOf(this.#stack.tags.clear([...this.#names])), options);
  }

  #tagNames(method: string, tags: readonly string[], options: RemoteOptions | undefined): readonly string[] {
    checkRemoteOptions(`cache.${method}`, options);
    this.#stack.lifetime.assertOpen();
    return checkedTags(`The list given to ${method}`, tags).map((tag) => this.#stack.tags.names.ofTag(tag));
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
  if (declaration?.key !== undefined) return new FrontDoor(stack, name, declaration);
  // Without a `key`, the signatures say that `K` is one string.
  return new PlainDoor(stack, name, declaration as unknown as Declaration<[id: string], V>) as unknown as FrontDoor<
    K,
    V
  >;
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
