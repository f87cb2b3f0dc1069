import type { KeyOf } from "./contracts/key.ts";
import type { Loader } from "./contracts/loader.ts";
import type { Reading, ReadOptions } from "./contracts/reading.ts";
import type { NamespaceStats } from "./contracts/stats.ts";
import type { Explanation } from "./read/explanation.ts";
import type { HotKey } from "./statistics/hot-keys.ts";
import type { PatternOptions } from "./write/pattern-path.ts";
import type { RemoteOptions, WriteResult } from "./write/remote-options.ts";
import type { InvalidateOptions } from "./write/retraction.ts";
import type { WriteOptions } from "./write/write-path.ts";

/**
 * One kind of value of a cache: a key family with its type and its rules. Made by `cache.namespace`.
 *
 * All callers share the values themselves with the local tier: treat them as read-only. What happens to one who does not
 * is decided by `isolate`.
 */
export interface Namespace<K extends readonly unknown[], V> {
  readonly name: string;

  /**
   * The value of a key, from the nearest tier that has it; `undefined` when none has. Never loads.
   *
   * A failing tier is asked no longer than its deadline and then counts as having nothing.
   *
   * @throws (rejects) `INVALID_KEY`, or `CLOSED` after `close()`.
   */
  get(...key: K): Promise<V | undefined>;

  /**
   * The value of a key, loaded with the given loader when no tier has it. All who ask for the key meanwhile share one
   * load and its failure.
   *
   * @throws (rejects) What the loader throws, as it is; `INVALID_KEY`; `CLOSED` after `close()`.
   */
  getOrLoad(key: KeyOf<K>, load: Loader<K, V>): Promise<V>;

  /**
   * The values of many keys, in their order, with one trip to each tier for all that the tiers above it lack.
   * A key that stands there twice is read once.
   *
   * @throws (rejects) As {@link get}, for the first key that fails.
   */
  getMany(keys: readonly KeyOf<K>[]): Promise<(V | undefined)[]>;

  /**
   * As {@link getMany}, but a key that fails does not take the others with it: one result a key, in their order,
   * fulfilled with its value or rejected with its own error.
   *
   * @throws (rejects) `INVALID_KEY`; `CLOSED` after `close()`.
   */
  getManySettled(keys: readonly KeyOf<K>[]): Promise<PromiseSettledResult<V | undefined>[]>;

  /**
   * The value of a key with where it came from and how old it is, for a caller with wishes of his own: who may leave
   * before it is there, or have tiers passed by.
   *
   * @throws (rejects) As {@link get}; the reason of the caller's signal, as it is, once that has fired; `INVALID_OPTION`, also
   * for `from: "load"` where there is no loader.
   */
  read(key: KeyOf<K>, options?: ReadOptions & { readonly from?: "any" | "cached" }): Promise<Reading<V | undefined>>;

  /**
   * What each tier holds of a key and who would answer a read of it now; for people who wonder. Every remote tier is
   * asked; nothing is loaded, copied or counted. It shows no value.
   *
   * @throws (rejects) `INVALID_KEY`; `CLOSED` after `close()`. Never for a tier that failed: it is said of that one.
   */
  explain(...key: K): Promise<Explanation>;

  /**
   * The value of a key if the local tier holds it, without waiting for anything.
   *
   * @throws `INVALID_KEY`.
   */
  peek(...key: K): V | undefined;

  /**
   * Keeps a value in every tier. The local tier has it at once; resolves when every remote tier has it or has failed.
   * A load of the key that is running returns its value to those who wait, but no longer keeps it.
   *
   * @param options - Rules for this entry alone, in place of the namespace's.
   * @throws (rejects) `INVALID_KEY`; `INVALID_OPTION`; `INVALID_VALUE` for a promise, or a value that the serializer
   * refuses; `CLOSED` after `close()`. For a tier that failed only where `requireRemote` asks for it: see {@link WriteResult}.
   */
  set(key: KeyOf<K>, value: V, options?: WriteOptions): Promise<WriteResult>;

  /**
   * Keeps many values, each as {@link set} does, with one look at all of them before any is kept.
   *
   * @param entries - A key and its value each; of a key that stands there twice, the later value stays.
   * @returns `done` when every remote tier has all of them.
   * @throws (rejects) As {@link set}; nothing is kept then.
   */
  setMany(entries: readonly (readonly [key: KeyOf<K>, value: V])[], options?: WriteOptions): Promise<WriteResult>;

  /**
   * Forgets a key in every tier. A load of the key that is running returns its value to those who wait, but no longer
   * keeps it; who asks afterwards starts a new one.
   *
   * @throws (rejects) `INVALID_KEY`; `CLOSED` after `close()`. Never for a tier that failed: see {@link WriteResult}.
   */
  delete(...key: K): Promise<WriteResult>;

  /**
   * Forgets many keys, with one call to each remote tier.
   *
   * @throws (rejects) As {@link delete}, and `INVALID_OPTION`, and nothing is forgotten then; `TIER_FAILED` where `requireRemote` asks
   * for it.
   */
  deleteMany(keys: readonly KeyOf<K>[], options?: InvalidateOptions): Promise<WriteResult>;

  /**
   * Says that a key's origin has changed: nothing that was cached or is being loaded now may answer as fresh any
   * longer. To be called after the change; the next read waits for a load.
   *
   * Only where that load fails or is too late, what was cached answers, flagged as stale, for `staleIfErrorMs` from now on.
   * `staleWhileRevalidateMs` does not apply: who has changed something is not to be shown what was before. A namespace without
   * `staleIfErrorMs` treats it as {@link delete}, and so do remote tiers that cannot do more.
   *
   * @throws (rejects) As {@link delete}.
   */
  invalidate(...key: K): Promise<WriteResult>;

  /**
   * Says of many keys that their origins have changed, with one call to each remote tier. For one key, with options of its
   * own: a list of one.
   *
   * @throws (rejects) As {@link deleteMany}; nothing is invalidated then.
   */
  invalidateMany(keys: readonly KeyOf<K>[], options?: InvalidateOptions): Promise<WriteResult>;

  /**
   * Forgets every key that matches a pattern, in all tiers and processes: the remote tiers are looked through in small steps, which
   * takes time in proportion to all they hold. Tags and {@link clear} do the same by one call, however much it is.
   *
   * A pattern is compared with keys as remote tiers have them, behind the namespace and with their parts escaped: `*` stands for any
   * number of signs, `?` for one, `\\` in front of them or of itself takes that away. What comes from a user goes through
   * `patternPart`. Of a long key, a pattern sees the short form. Nothing is left in place of what matches: no stale value, and
   * a tombstone of `holdOffMs` only where a key was found.
   *
   * Where a tier cannot look for keys, or fails meanwhile, everything in the namespace is forgotten instead, and the
   * observer told.
   *
   * @param pattern - Such as `"1234:*"`; of 1 to 1,024 UTF-16 units.
   * @throws (rejects) `INVALID_OPTION`, also for a pattern that begins with `*` or `?` without `allowUnbounded`, and where `hashKeys`
   * hides the keys; `CLOSED` after `close()`; `TIER_FAILED` where `requireRemote` asks for it.
   */
  invalidatePattern(pattern: string, options?: PatternOptions): Promise<WriteResult>;

  /**
   * Forgets everything in this namespace, however much it is, by one call to one remote tier: what the tiers hold is not looked at
   * any longer, and goes when its life is over or its place is needed. Loads that are running return their values to those who
   * wait, but no longer keep them.
   *
   * @throws (rejects) `INVALID_OPTION`; `CLOSED` after `close()`; `TIER_FAILED` where `requireRemote` asks for it.
   */
  clear(options?: RemoteOptions): Promise<WriteResult>;

  /**
   * What the namespace has done, since the cache was made or its statistics were reset, and lately. All of it is known in this
   * process: no tier is asked, and it never throws.
   */
  stats(): NamespaceStats;

  /**
   * The keys that are read most, the most read first; none where the namespace was not declared with `hotKeys`.
   *
   * @param count - The most to return. @defaultValue 10
   */
  hotKeys(count?: number): readonly HotKey<K>[];
}

/** A {@link Namespace} that has a loader of its own: whoever reads a key gets its value. */
export interface LoadingNamespace<K extends readonly unknown[], V> extends Namespace<K, V> {
  /**
   * The value of a key, from the nearest tier that has it, else from the loader. All who ask for the key meanwhile
   * share one load and its failure.
   *
   * A failing tier is asked no longer than its deadline and then counts as having nothing: it never fails a read.
   *
   * @throws (rejects) What the loader throws, as it is; `INVALID_KEY`; `CLOSED` after `close()`.
   */
  get(...key: K): Promise<V>;

  /**
   * The values of many keys, in their order: one trip to each tier for all that the tiers above it lack, then one call
   * of `loadMany` for what none has. A key that stands there twice is read and loaded once.
   *
   * @throws (rejects) As {@link get}, for the first key that fails.
   */
  getMany(keys: readonly KeyOf<K>[]): Promise<V[]>;

  /**
   * As {@link getMany}, but a key that fails does not take the others with it: one result a key, in their order,
   * fulfilled with its value or rejected with its own error.
   *
   * @throws (rejects) `INVALID_KEY`; `CLOSED` after `close()`.
   */
  getManySettled(keys: readonly KeyOf<K>[]): Promise<PromiseSettledResult<V>[]>;

  /**
   * The value of a key with where it came from and how old it is, for a caller with wishes of his own: who may leave
   * before it is there, insist on a new load, be content with what is cached, or have tiers passed by.
   *
   * @throws (rejects) As {@link get}; the reason of the caller's signal, as it is, once that has fired; `INVALID_OPTION`.
   */
  read(key: KeyOf<K>, options?: ReadOptions & { readonly from?: "any" | "load" }): Promise<Reading<V>>;
  read(key: KeyOf<K>, options?: ReadOptions): Promise<Reading<V | undefined>>;
}
