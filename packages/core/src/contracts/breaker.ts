import type { Ms } from "./clock.ts";

/**
 * Whether calls are made:
 *
 * - `closed`: they are.
 * - `open`: they are refused, for a while.
 * - `half-open`: a few are made, to see whether it is over.
 * - `isolated`: they are refused until somebody says otherwise.
 */
export type BreakerState = "closed" | "open" | "half-open" | "isolated";

/** A breaker has another state. */
export interface BreakerChange {
  readonly state: BreakerState;
  readonly was: BreakerState;
}

/** A call that a breaker knows of. */
export interface BreakerCall {
  readonly startedAt: Ms;
}

/**
 * Stops the calls to what keeps failing, and finds out when they are worth while again. Nothing in it waits or runs by itself: who
 * uses it asks before a call and tells how it ended.
 */
export interface Breaker {
  readonly state: BreakerState;
  /** How long an open one stays so, in ms; 0 when it may be probed; `Infinity` while it is isolated. */
  readonly retryInMs: Ms;
  /** A call is made while it is closed. */
  begin(): BreakerCall;
  /** A call was answered, if only by a refusal that says nothing against who gave it. */
  succeeded(call: BreakerCall): void;
  /**
   * A call has failed.
   *
   * @param isLate - Whether it was given up without an answer: then others that have none either speak against it too.
   */
  failed(call: BreakerCall, isLate: boolean): void;
  /**
   * Asks for a probe: an open one whose time is over becomes half-open.
   *
   * @returns Whether one may be made now. If so, {@link probed} has to follow.
   */
  probe(): boolean;
  /** A probe has ended: it closes after enough good ones, and opens for longer after a bad one. */
  probed(isGood: boolean): void;
  /** There is reason to believe that it is over: an open one may be probed at once. */
  retrySoon(): void;
  /** Opens it until {@link release}, by hand. */
  isolate(): void;
  /** Ends {@link isolate}: it may be probed at once. */
  release(): void;
  /** Has `listener` called after each change of state. It must not throw. */
  onChange(listener: (change: BreakerChange) => void): void;
}
