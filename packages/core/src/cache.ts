import type { CacheStats } from "./contracts/stats.ts";
import type { Declaration } from "./declaration.ts";
import type { DeclareNamespace } from "./declare-namespace.ts";
import { doorOf } from "./door.ts";
import { CacheError } from "./errors.ts";
import { type Health, healthOf } from "./health.ts";
import type { HeldLock } from "./lock/held-lock.ts";
import type { LockOptions } from "./lock/lock-options.ts";
import { Locks } from "./lock/locks.ts";
import type { Namespace } from "./namespace.ts";
import { invalidOption } from "./option-rules.ts";
import { checkNamespaceName, type Stack } from "./stack.ts";
import { checkedTags } from "./tags/tag-rules.ts";
import { linksNamed } from "./tier-places.ts";
import type { PatternOptions } from "./write/pattern-path.ts";
import {
  asRequired,
  checkRemoteOptions,
  type RemoteOptions,
  resultOf,
  type WriteResult,
} from "./write/remote-options.ts";

/** Tiers in order, and the namespaces whose values they hold. Made by `createCache`. */
export class Cache implements AsyncDisposable {
  readonly #stack: Stack;
  readonly #namespaces = new Map<string, Pick<Namespace<readonly unknown[], unknown>, "invalidatePattern">>();
  /** Made for the first lock. */
  #locks: Locks | undefined;

  /** @internal */
  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** Declares one kind of value: see {@link DeclareNamespace}. */
  readonly namespace: DeclareNamespace = (<K extends readonly unknown[], V>(
    name: string,
    declaration: Declaration<K, V> = {},
  ): Namespace<K, V> => this.#declared(name, declaration)) as DeclareNamespace;

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
   * Forgets every key that matches a pattern: see {@link Namespace.invalidatePattern}.
   *
   * @param pattern - The name of a namespace that is declared here, as it is, a `:`, and a pattern of its keys: `"match:1234:*"`.
   * @throws (rejects) As {@link Namespace.invalidatePattern}.
   */
  async invalidatePattern(pattern: string, options?: PatternOptions): Promise<WriteResult> {
    const [name = "", ...rest] = typeof pattern === "string" ? pattern.split(":") : [];
    const namespace = this.#namespaces.get(name);
    if (namespace !== undefined && rest.length > 0) return namespace.invalidatePattern(rest.join(":"), options);
    throw invalidOption("The pattern of cache.invalidatePattern", pattern, {
      allowed: "<a declared namespace>:<pattern>",
    });
  }

  /**
   * Forgets everything in all namespaces that are declared here: see {@link Namespace.clear}.
   *
   * @throws (rejects) As {@link Namespace.clear}.
   */
  async clear(options?: RemoteOptions): Promise<WriteResult> {
    checkRemoteOptions("cache.clear", options);
    this.#stack.lifetime.assertOpen();
    return asRequired(resultOf(this.#stack.tags.clear([...this.#namespaces.keys()])), options);
  }

  #tagNames(method: string, tags: readonly string[], options: RemoteOptions | undefined): readonly string[] {
    checkRemoteOptions(`cache.${method}`, options);
    this.#stack.lifetime.assertOpen();
    return checkedTags(`The list given to ${method}`, tags).map((tag) => this.#stack.tags.names.ofTag(tag));
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
    for (const link of linksNamed(this.#stack.links, "isolate", tier)) link.watch.isolate();
  }

  /**
   * Ends {@link isolate}: the tier is used again as soon as it was told all that it missed.
   *
   * @param tier - Its name. @defaultValue all remote tiers
   * @throws {@link CacheError} `INVALID_OPTION` for a name that no remote tier has.
   */
  release(tier?: string): void {
    for (const link of linksNamed(this.#stack.links, "release", tier)) link.watch.release();
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
   */
  stats(): CacheStats {
    return this.#stack.statistics.stats();
  }

  /** Begins to count anew, in all namespaces and tiers. What observers count goes on. */
  resetStats(): void {
    this.#stack.statistics.reset();
  }

  #declared<K extends readonly unknown[], V>(name: string, declaration: Declaration<K, V>): Namespace<K, V> {
    checkNamespaceName(name);
    if (this.#namespaces.has(name)) {
      throw new CacheError(
        "INVALID_OPTION",
        `The namespace "${name}" is declared twice; a name stands for one key family.`,
      );
    }
    this.#stack.lifetime.assertOpen();
    const door = doorOf(this.#stack, name, declaration);
    this.#namespaces.set(name, door);
    return door;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
