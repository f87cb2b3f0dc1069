import { callable, checkOptions, invalidOption, type OptionRule, positiveInteger } from "@tiercache/core";
import type { Interleaving } from "./interleaving.ts";
import type { Outcome } from "./outcome.ts";
import { ALL_FAULTS, type FaultKind } from "./scheduler.ts";

/** Things that are to happen at the same time, by name, and what they resolve to. */
export type Operations<W, R> = { readonly [N in keyof R]: (world: W) => R[N] | Promise<R[N]> };

/** How each of some operations went. */
export type History<R> = { readonly [N in keyof R]: Outcome<R[N]> };

/** What {@link exploreInterleavings} explores. `setUp`, `operations` and `check` are needed. */
export interface InterleavingsOptions<W, R> {
  /**
   * Builds the world anew for each run: servers, processes, caches, a database. Whatever it does itself happens at once and
   * is no step. What happens must depend on nothing but this and the schedule: on no real time, no real server, no chance.
   */
  readonly setUp: (run: Interleaving) => W | Promise<W>;
  /**
   * What happens at the same time. Each begins in a step of its own, at any point of the others, and must end. What
   * processes share besides their servers may be touched where an operation begins and in {@link ScriptedProcess.ask}, and
   * nowhere else. Servers are restarted, keys evicted and the clock is moved where an operation begins.
   */
  readonly operations: Operations<W, R>;
  /**
   * Looks at the world after each run, when everything that was under way has arrived, and throws if something does not hold.
   * Here nothing waits any longer: it may read through the caches. Of two operations it may ask whether one began after the
   * other had ended, but not which of them ended first.
   */
  readonly check: (world: W, history: History<R>) => void | Promise<void>;
  /** The most runs; at least 1. @defaultValue 10_000 */
  readonly maxSchedules?: number;
  /** The most steps of one run, at least 1: one that takes more counts as endless. @defaultValue 500 */
  readonly maxSteps?: number;
  /** How many things may go wrong in one run. @defaultValue 0 */
  readonly maxFaults?: number;
  /** What may go wrong. @defaultValue everything: `["call", "bus", "time"]` */
  readonly faults?: readonly FaultKind[];
  /**
   * `false` goes through every order of steps that do not touch one another too: for worlds whose operations share more than
   * they may, or in which caches are closed. @defaultValue true
   */
  readonly reduce?: boolean;
  /**
   * Draws `maxSchedules` schedules by chance, the same for the same seed, in place of going through all: for worlds that are
   * too large for that. Not 0. @defaultValue none
   */
  readonly seed?: number;
  /** Makes this one run alone, as an {@link InterleavingError} told it. @defaultValue none */
  readonly replay?: readonly string[];
}

const optionRules: Readonly<Record<keyof InterleavingsOptions<unknown, unknown>, OptionRule>> = {
  setUp: callable,
  operations: {
    allowed: "an object of functions",
    accepts: (value) =>
      typeof value === "object" && value !== null && Object.values(value).every((each) => callable.accepts(each)),
  },
  check: callable,
  maxSchedules: positiveInteger,
  maxSteps: positiveInteger,
  maxFaults: {
    allowed: "a whole number of at least 0",
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  },
  faults: {
    allowed: `a list of ${ALL_FAULTS.join(", ")}`,
    accepts: (value) => Array.isArray(value) && value.every((each) => ALL_FAULTS.includes(each)),
  },
  reduce: { allowed: "true or false", accepts: (value) => typeof value === "boolean" },
  seed: { allowed: "a whole number other than 0", accepts: (value) => Number.isInteger(value) && value !== 0 },
  replay: {
    allowed: "a list of strings",
    accepts: (value) => Array.isArray(value) && value.every((each) => typeof each === "string"),
  },
};

/** @throws `INVALID_OPTION`. */
export function checkInterleavings<W, R>(options: InterleavingsOptions<W, R>): void {
  checkOptions("exploreInterleavings", options, optionRules);
  for (const name of ["setUp", "operations", "check"] as const) {
    const value = options?.[name];
    if (value === undefined) throw invalidOption(`exploreInterleavings.${name}`, value, optionRules[name]);
  }
}
