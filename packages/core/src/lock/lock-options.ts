import type { Ms } from "../contracts/clock.ts";
import { days } from "../durations.ts";
import type { OptionRule } from "../option-rules.ts";

/** How a lock is asked for. */
export interface LockOptions {
  /**
   * How long the lock outlives a holder that has died, in ms; above 0, up to a day. It is prolonged every third of this
   * while its holder runs, so it need not be as long as the work; a few seconds, and several times the cache's
   * `deadlineMs`, stand a slow answer and a pause of the process.
   */
  readonly leaseMs: Ms;
  /**
   * How long to wait for another holder, in ms. 0 tries once; `Infinity` waits until `signal` fires.
   * @defaultValue `leaseMs` and a second: a holder that has died is outlived
   */
  readonly waitMs?: Ms;
  /** Ends the waiting; of work that has begun, it fires the signal. @defaultValue none */
  readonly signal?: AbortSignal;
}

const LONGEST_LEASE_MS = days(1);

/** What each of the {@link LockOptions} accepts. */
export const lockOptionRules: Readonly<Record<keyof LockOptions, OptionRule>> = {
  leaseMs: {
    allowed: "a number of milliseconds above 0, up to a day",
    accepts: (value) => typeof value === "number" && value > 0 && value <= LONGEST_LEASE_MS,
  },
  waitMs: {
    allowed: "a number of milliseconds of at least 0, or Infinity",
    accepts: (value) => typeof value === "number" && value >= 0,
  },
  signal: { allowed: "an AbortSignal", accepts: (value) => value instanceof AbortSignal },
};
