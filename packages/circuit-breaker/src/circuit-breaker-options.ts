import {
  CacheError,
  type Clock,
  callable,
  checkOptions,
  failureCount,
  finiteMs,
  invalidOption,
  type Ms,
  type Operation,
  type OptionRule,
  objectWith,
  positiveInteger,
} from "@tiercache/core";
import type { FailureRateOptions } from "./failure-rate.ts";

/** Something that has happened in a circuit breaker. It carries no key, no value and no error's text. */
export type CircuitBreakerEvent =
  | {
      readonly type: "changed";
      readonly state: "closed" | "open" | "half-open" | "isolated";
      readonly was: "closed" | "open" | "half-open" | "isolated";
    }
  | { readonly type: "refused"; readonly operation: Operation | undefined };

/** When a circuit breaker opens, for how long, and how it finds out that it is over. */
export interface CircuitBreakerOptions {
  /** After how many failures in a row it opens; `Infinity` for by hand alone. Excludes `failureRate`. @defaultValue 5 */
  readonly failures?: number;
  /** Which part of the latest calls has to fail for it to open. Excludes `failures`. @defaultValue none */
  readonly failureRate?: FailureRateOptions;
  /** How long it stays open the first time, in ms; above 0 and finite. Up to the half of it is left out at random. @defaultValue 1_000 */
  readonly openMs?: Ms;
  /** How long it stays open after many probes that failed, in ms; not below `openMs`. @defaultValue 30_000 */
  readonly longestOpenMs?: Ms;
  /** By what each open time in a row is longer than the last; from 1 to 10. @defaultValue 2 */
  readonly growth?: number;
  /** How many calls are let through at once to see whether it is over, all of which have to succeed. @defaultValue 1 */
  readonly probes?: number;
  /**
   * Whether an error speaks against what was called. Not asked of calls that nobody waited for any longer, which do not count.
   * @defaultValue every error does
   */
  readonly isFailure?: (error: unknown) => boolean;
  /** Hears of each state and each refusal. Quick; what it throws is reported once as a process warning. */
  readonly observe?: (event: CircuitBreakerEvent) => void;
  /** @defaultValue the process's monotonic clock */
  readonly clock?: Clock;
}

const atLeastOne: OptionRule = {
  allowed: "a number from 1 to 10",
  accepts: (value) => typeof value === "number" && value >= 1 && value <= 10,
};

const optionRules: Readonly<Record<keyof CircuitBreakerOptions, OptionRule>> = {
  failures: failureCount,
  failureRate: {
    allowed: "an object with rate, windowMs and minCalls",
    accepts: (value) => typeof value === "object" && value !== null,
  },
  openMs: finiteMs,
  longestOpenMs: finiteMs,
  growth: atLeastOne,
  probes: positiveInteger,
  isFailure: callable,
  observe: callable,
  clock: objectWith("a clock", "now", "after"),
};

const rateRules: Readonly<Record<keyof FailureRateOptions, OptionRule>> = {
  rate: {
    allowed: "a number above 0 and up to 1",
    accepts: (value) => typeof value === "number" && value > 0 && value <= 1,
  },
  windowMs: finiteMs,
  minCalls: positiveInteger,
};

/** {@link CircuitBreakerOptions} with what is needed to open and close filled in. */
export type CheckedOptions = CircuitBreakerOptions & Required<Pick<CircuitBreakerOptions, OpenTimeOption>>;

type OpenTimeOption = "failures" | "openMs" | "longestOpenMs" | "growth" | "probes";

const DEFAULT_OPEN_MS: Ms = 1_000;
const DEFAULT_LONGEST_OPEN_MS: Ms = 30_000;

/** @throws `INVALID_OPTION`. */
export function checkedOptions(options: CircuitBreakerOptions = {}): CheckedOptions {
  checkOptions("circuitBreaker", options, optionRules);
  checkOptions("circuitBreaker.failureRate", options.failureRate, rateRules);
  const { failures = 5, failureRate, openMs = DEFAULT_OPEN_MS, growth = 2, probes = 1 } = options;
  if (failureRate !== undefined && failureRate.rate === undefined) {
    throw invalidOption("circuitBreaker.failureRate.rate", undefined, rateRules.rate);
  }
  if (failureRate !== undefined && options.failures !== undefined) {
    throw new CacheError("INVALID_OPTION", "circuitBreaker.failures excludes failureRate: one of them decides.");
  }
  const { longestOpenMs = Math.max(openMs, DEFAULT_LONGEST_OPEN_MS) } = options;
  if (longestOpenMs < openMs) {
    throw invalidOption("circuitBreaker.longestOpenMs", longestOpenMs, { allowed: `at least its openMs, ${openMs}` });
  }
  return { ...options, failures, openMs, longestOpenMs, growth, probes };
}
