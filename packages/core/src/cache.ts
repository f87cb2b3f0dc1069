import { CacheWide } from "./cache-wide.ts";
import { CloningDoor } from "./cloning-door.ts";
import type {
  Declaration,
  KeyOptions,
  LoadingOptions,
  NoLoaderOptions,
  PlainKeyOptions,
  SchemaOptions,
} from "./declaration.ts";
import { FrontDoor } from "./front-door.ts";
import { type Health, healthOf } from "./health.ts";
import type { HeldLock } from "./lock/held-lock.ts";
import type { LockOptions } from "./lock/lock-options.ts";
import { Locks } from "./lock/locks.ts";
import type { LoadingNamespace, Namespace } from "./namespace.ts";
import { invalidOption } from "./option-rules.ts";
import { PlainDoor } from "./plain-door.ts";
import type { RemoteLink } from "./remote/remote-link.ts";
import { type CacheOptions, checkNamespaceName, type Stack, stackOf } from "./stack.ts";

/** Tiers in order, and the namespaces whose values they hold. Made by {@link createCache}. */
export class Cache extends CacheWide implements AsyncDisposable {
  readonly #stack: Stack;
  /** Made for the first lock. */
  #locks: Locks | undefined;

  /** @internal */
  constructor(stack: Stack) {
    super(stack);
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
    this.assertUnused(name);
    this.#stack.lifetime.assertOpen();
    const door = doorOf(this.#stack, name, declaration);
    this.declared(name);
    return door.isolation === "clone" ? new CloningDoor(door) : door;
  }

  /**
   * Does some work while nobody else does it under a lock of the same name: in this process in the order in which they came, in
   * other processes by a lease of the farthest remote tier that can lock. The lease is prolonged until the work has ended;
   * a holder that has died is outlived.
   *
   * **A lock saves work, it does not keep data safe.** A process that is paused, a clock of the server that is set, a server that
   * comes back empty can all give it to a second holder while the first one still works. What has to hold even then is held by the
   * resource: hand it {@link HeldLock.token} with each change, and have it refuse a lower token than it has seen.
   * (M. Kleppmann, How to do distributed locking, 2016.)
   *
   * A token is never lower than an earlier one of the same lock while either the tier still has the lock's last token, which it keeps for
   * an hour after its lease, or its clock has not been set back, or the process that asks was itself given the earlier one. It
   * can be lower only where none of these holds, as after a failover to a server whose clock is behind and which never heard of the lock.
   *
   * A cache without any remote tier locks among the callers of its own process. One whose remote tiers cannot lock, or of which
   * the one that can is not reached for a second, refuses: it never makes do with less. `enabled: false` turns no lock off.
   *
   * Not re-entrant: work that asks for its own lock waits for itself.
   *
   * @param name - Of 1 to 512 UTF-16 code units. All caches with the same `prefix` on a server share its locks.
   * @returns What the work returns.
   * @throws (rejects) What the work throws, as it is. Before it has begun: `LOCK_NOT_ACQUIRED`; `LOCK_UNAVAILABLE`; the reason
   * of the caller's signal; `INVALID_KEY`; `INVALID_OPTION`; `CLOSED`. After it has ended well: `LOCK_LOST` if the lock was
   * not held all the time; what was done is done, and its result is dropped.
   *
   * @example
   * ```ts
   * import { createCache, seconds } from "@tiercache/core";
   * import { lru } from "@tiercache/lru";
   *
   * const cache = createCache({ tiers: [lru()] });
   * const sent = await cache.withLock("nightly-mail", { leaseMs: seconds(5) }, async ({ token, signal }) => {
   *   signal.throwIfAborted(); // before each step
   *   return token > 0; // to be stored with what is changed, by something that refuses a lower one
   * });
   * console.log(sent); // true
   * await cache.close();
   * ```
   */
  async withLock<T>(name: string, options: LockOptions, work: (lock: HeldLock) => T | PromiseLike<T>): Promise<T> {
    this.#stack.lifetime.assertOpen();
    this.#locks ??= new Locks(this.#stack);
    return this.#locks.run(name, options, work);
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
