import type { Ms } from "../contracts/clock.ts";

/** A frame that is made when it can be sent: only then are the tier's time and the life that is left known. */
export interface OutgoingFrame {
  readonly key: string;
  /** How long the tier shall keep it; not above 0 when that is over already. */
  remainingMs(): Ms;
  /** @param shiftMs - The tier's time minus the clock's. */
  bytes(shiftMs: Ms): Uint8Array;
  /**
   * Called where an explicit write was refused, as the tier has something of a higher version. `undefined` for a frame without a
   * version, which is written whatever is there.
   */
  readonly outranked?: (() => void) | undefined;
}

/** A frame that is prolonged where it lies. */
export interface OutgoingRenewal {
  readonly key: string;
  /** As the tier was seen to hold it. */
  readonly frame: Uint8Array;
  /** How long the tier shall keep it from now on. */
  remainingMs(): Ms;
  /** @param shiftMs - The tier's time minus the clock's. */
  header(shiftMs: Ms): Uint8Array;
}
