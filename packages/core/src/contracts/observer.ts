import type { BreakerState } from "./breaker.ts";
import type { Ms } from "./clock.ts";

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
  | "acquire"
  | "commit"
  | "release"
  | "wait"
  | "lock"
  | "prolong"
  | "unlock"
  | "echo"
  | "close";

/**
 * Something that happened. Events carry names of namespaces and tiers, durations and counts; never a key, a value or
 * an error's text.
 *
 * - `hit`: a tier answered a read of one key.
 * - `miss`: no tier had the key.
 * - `joined`: a read joined a load or a remote read of the same key that was already running.
 * - `loaded`, `load-failed`: the loader ended; `keys` is how many it was asked for.
 * - `load-timed-out`: the loader has not ended within the hard timeout; it goes on, and its end is told as usual.
 * - `stale`: a reader was given a value that was no longer fresh, by `ageMs`; `why` says what allowed it.
 * - `renewed`: a hit has prolonged the life of a sliding entry.
 * - `not-kept`: a loaded value was handed out, but not kept: the rules or its loader said so (`ttl`), or its loader has named tags
 *   that may have been invalidated since it began (`late-tags`). It will be kept the next time.
 * - `unchanged`: the loader said that a stale value still holds, and its life was prolonged.
 * - `superseded`: a load or remote read ended after its key was written: its result was returned, but not kept.
 * - `refused`: a remote tier did not take a loaded value, as the key was written or removed since the load began.
 * - `held-off`: a loaded value was not kept, as its key was invalidated less than `holdOffMs` before.
 * - `awaited`: another process was loading the key; its value was waited for.
 * - `collapsed`: so many keys of a namespace are to be removed from a tier that is away that all of the namespace is taken for
 *   removed, in all tiers.
 * - `bus-gap`: announcements of other processes may have been missed; what is held locally is confirmed before it answers.
 * - `bus-message-rejected`: something on the bus's channel was no announcement.
 * - `frame-rejected`: bytes of a remote tier were no entry of this namespace; the read is a miss there.
 * - `encode-failed`: a loaded value could not be encoded; it is kept in the local tier alone.
 * - `tier-failed`: a call to a remote tier failed or missed its deadline; `code` is the error's code or name.
 * - `breaker-changed`: the breaker of a remote tier has another state.
 * - `breaker-refused`: a call to a remote tier was not made, as its breaker is not closed.
 */
export type CacheEvent =
  | { readonly type: "hit"; readonly namespace: string; readonly tier: string }
  | { readonly type: "miss"; readonly namespace: string }
  | { readonly type: "joined"; readonly namespace: string }
  | { readonly type: "loaded"; readonly namespace: string; readonly keys: number; readonly durationMs: Ms }
  | { readonly type: "load-failed"; readonly namespace: string; readonly keys: number; readonly durationMs: Ms }
  | { readonly type: "load-timed-out"; readonly namespace: string; readonly keys: number }
  | { readonly type: "stale"; readonly namespace: string; readonly ageMs: Ms; readonly why: StaleReason }
  | { readonly type: "renewed"; readonly namespace: string }
  | { readonly type: "not-kept"; readonly namespace: string; readonly why: "ttl" | "late-tags" }
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
  | { readonly type: "collapsed"; readonly namespace: string; readonly tier: string }
  | { readonly type: "bus-gap" }
  | { readonly type: "bus-message-rejected" }
  | { readonly type: "encode-failed"; readonly namespace: string }
  | { readonly type: "tier-failed"; readonly tier: string; readonly operation: RemoteOperation; readonly code: string }
  | {
      readonly type: "breaker-changed";
      readonly tier: string;
      readonly state: BreakerState;
      readonly was: BreakerState;
    }
  | { readonly type: "breaker-refused"; readonly tier: string; readonly operation: RemoteOperation };

/**
 * Hears what happens in a cache. Called synchronously, also on hits: it must be quick. An observer that throws is
 * reported once as a process warning and otherwise ignored.
 */
export interface Observer {
  on(event: CacheEvent): void;
}
