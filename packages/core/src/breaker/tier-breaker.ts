import type { Breaker } from "../contracts/breaker.ts";
import type { Clock, Ms } from "../contracts/clock.ts";
import { checkOptions, finiteMs, type OptionRule } from "../option-rules.ts";
import { Circuit } from "./circuit.ts";
import { FailureRun } from "./failure-judge.ts";

/** When remote tiers that have no breaker of their own are left alone, and for how long. */
export interface TierBreakerOptions {
  /**
   * After how many calls in a row that failed a tier is not asked any longer. A call that was given up counts together with all
   * others that have had no answer for as long, so that a tier that hangs is known by its first missed deadline where it is asked
   * often. `Infinity` asks for ever. @defaultValue 3
   */
  readonly failures?: number;
  /** How long it is left alone at first, in ms; above 0 and finite. @defaultValue 100 */
  readonly openMs?: Ms;
  /** How long at most, after many probes that failed, in ms; at least `openMs`, finite. @defaultValue 2_000 */
  readonly longestOpenMs?: Ms;
}

/** A count of failures of which `Infinity` never comes. */
export const failureCount: OptionRule = {
  allowed: "a whole number of at least 1, or Infinity",
  accepts: (value) => value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && (value as number) >= 1),
};

const optionRules: Readonly<Record<keyof TierBreakerOptions, OptionRule>> = {
  failures: failureCount,
  openMs: finiteMs,
  longestOpenMs: finiteMs,
};

const DEFAULT_FAILURES = 3;
const DEFAULT_OPEN_MS: Ms = 100;
const DEFAULT_LONGEST_OPEN_MS: Ms = 2_000;

/** Slow, so that a tier is found again soon after a short outage: what a probe costs is a read of one key that is not there. */
const GROWTH = 1.2;

/**
 * The breaker of a remote tier that has none of its own. Its only probes are those that the cache makes for it.
 *
 * @throws `INVALID_OPTION`.
 */
export function tierBreaker(options: TierBreakerOptions | undefined, clock: Clock): Breaker {
  checkOptions("createCache.breaker", options, optionRules);
  const { failures = DEFAULT_FAILURES, openMs = DEFAULT_OPEN_MS } = options ?? {};
  const longestOpenMs = Math.max(openMs, options?.longestOpenMs ?? DEFAULT_LONGEST_OPEN_MS);
  return new Circuit({ clock, judge: new FailureRun(failures), probes: 1, openMs, longestOpenMs, growth: GROWTH });
}
