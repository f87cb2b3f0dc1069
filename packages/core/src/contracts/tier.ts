import type { Breaker } from "./breaker.ts";
import type { Bus } from "./bus.ts";
import type { EpochMs, Ms } from "./clock.ts";
import type { Entry } from "./entry.ts";
import type { Fence } from "./fence.ts";
import type { Lock } from "./lock.ts";
import type { RemoteCall, RemoteChange, RemoteWrite } from "./remote-call.ts";
import type { Scan } from "./scan.ts";
import type { Shards } from "./shards.ts";

/**
 * A place in this process where entries live. Synchronous: it answers at once, must not throw, and holds the live
 * values themselves, which all callers share.
 *
 * A local tier may drop any entry at any time to stay within its bounds. It does not judge freshness: it returns
 * what it holds, and the cache looks at the entry's instants.
 */
export interface LocalTier {
  /** A short, stable name for events: `"lru"`. */
  readonly name: string;
  /**
   * Opens the space of one namespace. Called once for each namespace of a cache. Spaces share the tier's bounds but
   * no ids: the same id in two spaces is two entries.
   *
   * @throws `INVALID_OPTION` for a share that the tier cannot grant.
   */
  open<V>(namespace: string, share?: LocalShare): LocalSpace<V>;
}

/** Which part of a local tier's bounds one namespace gets, as parts of the whole from 0 to 1. */
export interface LocalShare {
  /** No other namespace can push it below this part. Of one tier they add up to at most 1. @defaultValue 0 */
  readonly minShare?: number | undefined;
  /** It never takes more than this part; above 0 and not below `minShare`. @defaultValue 1 */
  readonly maxShare?: number | undefined;
}

/**
 * Why a local tier dropped an entry that nobody had removed or replaced:
 *
 * - `budget`: others needed the room.
 * - `share`: its own namespace did, which may take no more.
 * - `expired`: it was of no use to anyone any longer.
 * - `refused`: it was never held, as it does not fit or its size could not be told.
 */
export type EvictionCause = "budget" | "share" | "expired" | "refused";

/** The part of a {@link LocalTier} that belongs to one namespace, looked up by the bare id, without any prefix. */
export interface LocalSpace<V> {
  /** The number of entries held, expired ones included. */
  readonly size: number;
  /** The bytes that the entries take. A tier that is not bounded by bytes has no such member. */
  readonly bytes?: number | undefined;
  /** How many entries were dropped so far, by cause; only grows. A tier that does not count has no such member. */
  readonly evictions?: Readonly<Record<EvictionCause, number>> | undefined;
  /** The entry of an id, counted as used now; `undefined` when none is held. On the path of every hit. */
  get(id: string): Entry<V> | undefined;
  /**
   * As {@link get}, but it does not count as a use of the entry: for those who only look. A space that cannot tell the two
   * apart has no such member, and is asked by `get` instead.
   */
  peek?(id: string): Entry<V> | undefined;
  /**
   * Keeps an entry, in place of any other of that id. It may be dropped at once when it does not fit the bounds.
   *
   * @param now - The present instant of the entries' clock: what has expired by then is of no use to anyone, and should
   * give way before what has not.
   */
  set(id: string, entry: Entry<V>, now: Ms): void;
  delete(id: string): void;
  clear(): void;
  /**
   * The ids of the entries held, expired ones included, without counting as a use of them. A space that cannot tell has no such
   * member, and is cleared where some of its ids would have to be found.
   */
  ids?(): Iterable<string>;
}

/** What a remote tier is given to prolong a frame that it holds. */
export interface RemoteRenewal extends RemoteWrite {
  /** The bytes that the frame must still begin with. They do not change until the call has ended; nor does `header`. */
  readonly expected: Uint8Array;
  /** What is to stand there from now on, of the same length. */
  readonly header: Uint8Array;
}

/**
 * A place outside this process where bytes live, shared by processes. It may be slow and may fail: the cache puts a
 * deadline on each call, reports a failure, goes on without it, and stops asking where it fails again and again. An error whose
 * `cause` has `refused: true` says that the tier is well and only did not do this one thing, as it is full or does not allow it. Where
 * one of its {@link Shards} is away, that one alone is done without.
 *
 * It knows nothing of entries. A frame is opaque; a key is a string of well-formed Unicode.
 */
export interface RemoteTier {
  /** A short, stable name for events: `"redis"`. */
  readonly name: string;
  /**
   * The tier's own time, as this process last learned it, or `undefined` while it is unknown. Instants in frames are
   * in this time, so that no two machines' clocks are ever compared. Known at the latest when a read has been answered.
   * Must not block and must not throw.
   */
  now(): EpochMs | undefined;
  /**
   * Reads many keys in one trip. Resolves to one element a key, in their order: the frame, or `undefined` where the
   * key is absent or holds something that is not bytes. The frames belong to the caller.
   */
  readMany(keys: readonly string[], call: RemoteCall): Promise<readonly (Uint8Array | undefined)[]>;
  /** Stores a frame under a key, in place of whatever is there. The tier must not keep a view of the given bytes. */
  write(key: string, frame: Uint8Array, call: RemoteWrite): Promise<void>;
  /**
   * Puts other bytes at the beginning of a frame and keeps it for another while, if it still begins as expected: in one
   * step, so that nothing that was written or removed meanwhile is brought back. Resolves to whether it did. A tier that
   * cannot do this has no such member, and is sent the whole frame instead.
   */
  readonly renew?: ((key: string, renewal: RemoteRenewal) => Promise<boolean>) | undefined;
  /**
   * Removes keys; one that is absent is no failure. Where there is a fence, what keeps older values out stays: a tombstone as it is; a
   * minimum, also one that lies behind a placeholder, with another revision, so that no load that began before is accepted.
   */
  remove(keys: readonly string[], call: RemoteChange): Promise<void>;
  /** Keeps loads from writing over what is newer than they are. A tier that cannot has no such member. */
  readonly fence?: Fence | undefined;
  /** Tells other processes of changes. A tier that cannot has no such member. */
  readonly bus?: Bus | undefined;
  /** Finds keys by their beginning. A tier that cannot has no such member. */
  readonly scan?: Scan | undefined;
  /** Holds locks for processes. A tier that cannot has no such member. */
  readonly lock?: Lock | undefined;
  /** Tells keys of different servers apart. A tier that is there as a whole, or not at all, has no such member. */
  readonly shards?: Shards | undefined;
  /**
   * Has `listener` called whenever the tier may have lost what it had acknowledged: another server answers, or the same one
   * after a restart. Called before any command is sent to it. A tier that cannot tell has no such member.
   */
  readonly onLoss?: ((listener: () => void) => void) | undefined;
  /**
   * Has `listener` called whenever the tier can be reached again, so that nobody has to find out by asking. A tier that cannot tell
   * has no such member.
   */
  readonly onReady?: ((listener: () => void) => void) | undefined;
  /** Decides when the tier is not asked. Where there is none, the cache makes one. Put there by `guard`. */
  readonly breaker?: Breaker | undefined;
  /**
   * From now on what the tier keeps open does not keep the process alive by itself. What is being waited for does so anyhow. A tier
   * that keeps nothing open has no such member.
   */
  readonly unref?: (() => void) | undefined;
  /** Ends what the tier itself opened; a connection handed in by the user stays open. Must end in bounded time. */
  close(): Promise<void>;
}

/**
 * The tiers of a cache, nearest first: at most one local tier, and it comes first. The other order does not compile:
 * a remote tier in front of a local one would make every hit a network trip.
 */
export type Tiers = readonly [LocalTier, ...RemoteTier[]] | readonly [RemoteTier, ...RemoteTier[]];
