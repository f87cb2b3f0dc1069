import type { BreakerState } from "./breaker.ts";
import type { Ms } from "./clock.ts";
import type { CacheGauges } from "./gauges.ts";

/**
 * Why bytes that a remote tier returned were not taken for an entry:
 *
 * - `not-a-frame`: something else than a frame of ours.
 * - `unknown-format`, `newer-format`: a frame of a format that is not read here, or not yet.
 * - `other-serializer`: its value was encoded by a serializer with another id.
 * - `bad-length`, `bad-checksum`, `bad-instants`: damaged, cut, or lying under another key than it was written for.
 * - `undecodable`: the serializer refused the payload.
 * - `newer-schema`: a later version of the namespace wrote it. It is left there.
 * - `invalidated`: one of its tags has been deleted, or its namespace cleared; also where nobody knows whether that is so.
 * - `schema-mismatch`: the value is none that the namespace's schema accepts, or of an earlier version that cannot be
 *   migrated.
 */
export type FrameRejection =
  | "not-a-frame"
  | "unknown-format"
  | "newer-format"
  | "other-serializer"
  | "bad-length"
  | "bad-checksum"
  | "bad-instants"
  | "undecodable"
  | "newer-schema"
  | "invalidated"
  | "schema-mismatch";

/**
 * What allowed a stale value to be served: it is being refreshed behind (`revalidating`), the load has just failed
 * (`load-failed`) or failed a short while ago (`held`), or has taken longer than a reader waits (`soft-timeout`). A value that
 * is `uncertified` may be fresh: whether other processes have invalidated it cannot be known at present.
 */
export type StaleReason = "revalidating" | "load-failed" | "held" | "soft-timeout" | "uncertified";

/** What was asked of a remote tier. */
export type RemoteOperation =
  | "read"
  | "write"
  | "renew"
  | "remove"
  | "scan"
  | "acquire"
  | "commit"
  | "release"
  | "wait"
  | "lock"
  | "prolong"
  | "unlock"
  | "echo"
  | "close";

/** What a caller explicitly asked of keys. */
export type WriteOperation = "set" | "delete" | "invalidate";

/** What a caller explicitly asked of tags. */
export type TagOperation = "invalidate" | "delete";

/** How a wait for a lock has ended: it was granted, held by others all the time, not to be had, or the caller has left. */
export type LockWaitOutcome = "granted" | "not-granted" | "unavailable" | "left";

/**
 * Something that happened. Events carry names of namespaces and tiers, durations and counts; never a key, a value or
 * an error's text.
 *
 * Of each read of a key exactly one of these is told, by what it was answered with: `hit`, `stale`, `miss`, `bypass`,
 * `read-failed`; or `joined`, after which `stale` may follow where the joined one takes too long. Nothing is told of a read whose
 * caller has left.
 *
 * - `hit`: a tier answered a read of one key; `negative` where its answer was that there is no value.
 * - `miss`: no tier had the key, and the read was answered by a load; or by nothing, where it could not load.
 * - `bypass`: a read was answered by a load without a look at the tiers: `from: "load"`, or the cache is switched off.
 * - `read-failed`: a read was answered by an error.
 * - `joined`: a read joined a load or a remote read of the same key that was already running; `flight` numbers that one.
 * - `load-started`: a loader is called for so many `keys`.
 * - `loaded`, `load-failed`: the loader ended; `keys` is for how many it did so.
 * - `load-timed-out`: the loader has not ended within the hard timeout; it goes on, and its end is told as usual.
 * - `stale`: a reader was given a value that was no longer fresh, by `ageMs`; `why` says what allowed it.
 * - `renewed`: a hit has prolonged the life of a sliding entry.
 * - `not-kept`: a loaded value was handed out, but not kept: the rules or its loader said so (`ttl`), or its loader has named tags
 *   that may have been invalidated since it began (`late-tags`): it will be kept the next time; or its version is lower than what its key
 *   is known to have (`version`).
 * - `unchanged`: the loader said that a stale value still holds, and its life was prolonged.
 * - `superseded`: a load or remote read ended after its key was written: its result was returned, but not kept.
 * - `refused`: a remote tier did not take a loaded value, as the key was written or removed since the load began.
 * - `held-off`: a loaded value was not kept, as its key was invalidated less than `holdOffMs` before.
 * - `awaited`: another process was loading the key; its value was waited for.
 * - `lease-waited`: the wait has ended, with that value where it was `answered`.
 * - `back-filled`: what another tier had was copied into this one.
 * - `written`: what was explicitly asked of so many keys has ended: as the caller was told, or in an error.
 * - `pattern-invalidated`: what matches a pattern has been forgotten; so many keys were found. Where a tier could not say which they are (`no-scan`), or
 *   did not (`failed`), everything in the namespace has been taken for forgotten instead: `tier` and `why` are there then.
 * - `tags-ended`: so many tags were explicitly ended, and with them all that has one of them; as the caller was told.
 * - `cleared`: everything in the namespace was explicitly forgotten; as the caller was told.
 * - `lock-waited`: the wait for a lock has ended. Nothing is told of its name: there may be as many as keys.
 * - `lock-held`: the work under a lock has ended, and the lock been given back; or it was `lost` meanwhile.
 * - `invalidated-elsewhere`: another process has announced that so many keys are no longer to be believed.
 * - `bus-echo`: an echo of this process has come back on the bus, so long after it was sent.
 * - `collapsed`: so many keys of a namespace are to be removed from a tier that is away that all of the namespace is taken for
 *   removed, in all tiers.
 * - `bus-gap`: announcements of other processes may have been missed; what is held locally is confirmed before it answers.
 * - `bus-message-rejected`: something on the bus's channel was no announcement.
 * - `frame-rejected`: bytes of a remote tier were no entry of this namespace; the read is a miss there.
 * - `encode-failed`: a loaded value could not be encoded; it is kept in the local tier alone.
 * - `tier-called`: a call to a remote tier has ended; its `outcome` is `ok` or the code of its failure, which is told besides.
 * - `tier-failed`: a call to a remote tier failed or missed its deadline; `code` is the error's code or name.
 * - `breaker-changed`: the breaker of a remote tier has another state.
 * - `breaker-refused`: a call to a remote tier was not made, as its breaker is not closed.
 * - `target-missed`, `target-met`: the hit rate of the last five minutes has fallen short of the namespace's `target`, or has
 *   come back to it.
 * - `closed`: the cache has been closed; nothing follows.
 */
export type CacheEvent =
  | { readonly type: "hit"; readonly namespace: string; readonly tier: string; readonly negative?: true }
  | { readonly type: "miss"; readonly namespace: string }
  | { readonly type: "bypass"; readonly namespace: string }
  | { readonly type: "read-failed"; readonly namespace: string }
  | { readonly type: "joined"; readonly namespace: string; readonly flight: number }
  | { readonly type: "load-started"; readonly namespace: string; readonly keys: number }
  | { readonly type: "loaded"; readonly namespace: string; readonly keys: number; readonly durationMs: Ms }
  | { readonly type: "load-failed"; readonly namespace: string; readonly keys: number; readonly durationMs: Ms }
  | { readonly type: "load-timed-out"; readonly namespace: string; readonly keys: number }
  | { readonly type: "stale"; readonly namespace: string; readonly ageMs: Ms; readonly why: StaleReason }
  | { readonly type: "renewed"; readonly namespace: string }
  | { readonly type: "not-kept"; readonly namespace: string; readonly why: "ttl" | "late-tags" | "version" }
  | { readonly type: "unchanged"; readonly namespace: string }
  | { readonly type: "superseded"; readonly namespace: string }
  | {
      readonly type: "frame-rejected";
      readonly namespace: string;
      readonly tier: string;
      readonly reason: FrameRejection;
    }
  | { readonly type: "refused"; readonly namespace: string; readonly tier: string }
  | { readonly type: "held-off"; readonly namespace: string }
  | { readonly type: "awaited"; readonly namespace: string; readonly tier: string }
  | {
      readonly type: "lease-waited";
      readonly namespace: string;
      readonly tier: string;
      readonly durationMs: Ms;
      readonly answered: boolean;
    }
  | { readonly type: "back-filled"; readonly namespace: string; readonly tier: string }
  | {
      readonly type: "written";
      readonly namespace: string;
      readonly operation: WriteOperation;
      readonly keys: number;
      readonly status: "done" | "queued" | "failed";
    }
  | {
      readonly type: "pattern-invalidated";
      readonly namespace: string;
      readonly keys: number;
      readonly status: "done" | "queued";
      readonly tier?: string;
      readonly why?: "no-scan" | "failed";
    }
  | {
      readonly type: "tags-ended";
      readonly operation: TagOperation;
      readonly tags: number;
      readonly status: "done" | "queued";
    }
  | { readonly type: "cleared"; readonly namespace: string; readonly status: "done" | "queued" }
  | { readonly type: "lock-waited"; readonly outcome: LockWaitOutcome; readonly durationMs: Ms }
  | { readonly type: "lock-held"; readonly lost: boolean; readonly durationMs: Ms }
  | { readonly type: "invalidated-elsewhere"; readonly namespace: string; readonly keys: number }
  | { readonly type: "bus-echo"; readonly durationMs: Ms }
  | { readonly type: "collapsed"; readonly namespace: string; readonly tier: string }
  | { readonly type: "bus-gap" }
  | { readonly type: "bus-message-rejected" }
  | { readonly type: "encode-failed"; readonly namespace: string }
  | {
      readonly type: "tier-called";
      readonly tier: string;
      readonly operation: RemoteOperation;
      readonly outcome: string;
      readonly durationMs: Ms;
    }
  | { readonly type: "tier-failed"; readonly tier: string; readonly operation: RemoteOperation; readonly code: string }
  | {
      readonly type: "breaker-changed";
      readonly tier: string;
      readonly state: BreakerState;
      readonly was: BreakerState;
    }
  | { readonly type: "breaker-refused"; readonly tier: string; readonly operation: RemoteOperation }
  | { readonly type: "target-missed"; readonly namespace: string; readonly hitRate: number }
  | { readonly type: "target-met"; readonly namespace: string; readonly hitRate: number }
  | { readonly type: "closed" };

/**
 * A piece of work that takes time, and may be traced:
 *
 * - `flight`: the way of one or more reads from the tiers to the loader and back. `flights` numbers them, as in the event
 *   `joined`; `keys` tells the keys' ids, where somebody has good reason to ask.
 * - `load`: a call of a loader for so many keys, on behalf of a flight.
 * - `remote`: a call to a remote tier. Reads of one tick travel in one call, on behalf of the first of them.
 */
export type Work =
  | {
      readonly kind: "flight";
      readonly namespace: string;
      readonly flights: readonly number[];
      keys(): readonly string[];
    }
  | { readonly kind: "load"; readonly namespace: string; readonly keys: number }
  | { readonly kind: "remote"; readonly tier: string; readonly operation: RemoteOperation };

/**
 * Hears what happens in a cache. Called synchronously, also on hits: it must be quick. An observer that throws is
 * reported once as a process warning and otherwise ignored.
 */
export interface Observer {
  on(event: CacheEvent): void;
  /**
   * Is given, once, what can be asked of a cache at any time. What it returns is called when that cache has been closed. One that
   * has nothing to ask has no such member.
   */
  watch?(gauges: () => CacheGauges): () => void;
  /**
   * Stands around a piece of work that takes time: `run` begins it and returns its promise, whose end is no business of the
   * observer's but to note. What is asynchronously called inside `run` is called by that work. Where `run` is not called, the
   * cache does so itself. One that traces nothing has no such member.
   */
  around?<T>(work: Work, run: () => Promise<T>): void;
}
