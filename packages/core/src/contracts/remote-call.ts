import type { Ms } from "./clock.ts";

/** What a call to a remote tier is given besides its subject. */
export interface RemoteCall {
  /**
   * Fires when nobody waits for the answer any longer. Made on first use, so a tier that cannot cancel a call pays
   * nothing for it: a getter of the call's class, which a copy by `...` does not have unless it is named there.
   */
  readonly signal: AbortSignal;
}

/** A call that changes a key. */
export interface RemoteChange extends RemoteCall {
  /**
   * To be announced on the tier's bus in the same step, after the change: a process that hears of it finds it done, and
   * none is done without being announced. Only given to a tier that has a bus.
   */
  readonly announce?: string | undefined;
}

/** What a write to a remote tier is given besides its subject. */
export interface RemoteWrite extends RemoteChange {
  /** How long the tier must keep the frame: above 0, `Infinity` for always. The tier rounds up, never down to 0. */
  readonly ttlMs: Ms;
}
