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
import { type Health, healthOf } from "./health.ts";
import type { LoadingNamespace, Namespace } from "./namespace.ts";
import { invalidOption } from "./option-rules.ts";
import { PlainDoor } from "./plain-door.ts";
import type { RemoteLink } from "./remote/remote-link.ts";
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
   * Asks every remote tier for a sign of life, and says what is wrong if anything is.
   *
   * Never rejects, and takes no longer than the deadline of a call to a tier. To be asked every few seconds at most: it is a trip to
   * each tier.
   */
  health(): Promise<Health> {
    return healthOf(this.#stack);
  }

  /**
   * Takes a remote tier out of use: it is neither asked nor written to until {@link release}, and what it is to forget is queued.
   *
   * @param tier - Its name. @defaultValue all remote tiers
   * @throws {@link CacheError} `INVALID_OPTION` for a name that no remote tier has.
   */
  isolate(tier?: string): void {
    for (const link of this.#linksNamed("isolate", tier)) link.watch.isolate();
  }

  /**
   * Ends {@link isolate}: the tier is used again as soon as it was told all that it missed.
   *
   * @param tier - Its name. @defaultValue all remote tiers
   * @throws {@link CacheError} `INVALID_OPTION` for a name that no remote tier has.
   */
  release(tier?: string): void {
    for (const link of this.#linksNamed("release", tier)) link.watch.release();
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

  #linksNamed(owner: string, tier: string | undefined): readonly RemoteLink[] {
    const { links } = this.#stack;
    const named = tier === undefined ? links : links.filter(({ name }) => name === tier);
    if (tier === undefined || named.length > 0) return named;
    const allowed = `the name of a remote tier: ${links.map(({ name }) => name).join(", ")}`;
    throw invalidOption(`The argument of ${owner}`, tier, { allowed });
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
