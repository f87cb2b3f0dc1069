import type { Ms } from "./clock.ts";
import type { RemoteCall, RemoteChange } from "./remote-call.ts";

/** What is given to a tier that is to lock a key. */
export interface LockCall extends RemoteCall {
  /** Names who wants it: not empty, and another one for every attempt to hold a lock. */
  readonly owner: string;
  /** After this long without being prolonged the lock is free, whatever has become of its owner. Above 0, up to a day. */
  readonly leaseMs: Ms;
  /** The token must be above this one: the highest that the caller has ever been told. */
  readonly above: number;
}

/** What is given to a tier that is to prolong a lock. */
export type ProlongCall = Pick<LockCall, "owner" | "leaseMs"> & RemoteCall;

/** What is given to a tier that is to release a lock. */
export interface LockRelease extends RemoteChange {
  readonly owner: string;
}

/** How an attempt to lock a key has ended: with its fencing token, or with how long the lease of its owner still runs. */
export type LockEnd =
  | { readonly isHeld: true; readonly token: number }
  | { readonly isHeld: false; readonly leftMs: Ms };

/**
 * The ability of a remote tier to hold locks by lease: each call is one atomic step, and time is the tier's own. Locks lie
 * beside the frames, under keys of their own.
 *
 * **Tokens.** Each time a lock changes hands its token grows: it is the highest of the tier's time in µs, the lock's last
 * token plus 1, and {@link LockCall.above} plus 1. The last token outlives the lock by an hour at least, so that a clock
 * which is set back does not make it smaller; and where it is lost (evicted, or the server has come back with older data or
 * none), the time has moved on. It may become smaller only where both happen: the last token is lost *and* the tier's
 * clock says less than it did. Whole numbers below 2⁵³.
 */
export interface Lock {
  /**
   * Locks a key if nobody holds it. Who asks again with the `owner` that holds it is given the same token, and its lease
   * begins anew. If somebody else holds it, that it is waited for is noted.
   */
  acquire(key: string, call: LockCall): Promise<LockEnd>;
  /** Has the lease begin anew, if the owner still holds it. Resolves to whether he does. */
  prolong(key: string, call: ProlongCall): Promise<boolean>;
  /**
   * Frees a key, if the owner still holds it. Resolves to whether he did. `announce` is announced in the same step if somebody
   * has waited for it.
   */
  release(key: string, release: LockRelease): Promise<boolean>;
}
