import { performance as ownPerformance } from "node:perf_hooks";
import { setTimeout as ownSetTimeout } from "node:timers";

/** A duration or an instant in milliseconds. Instants count from an arbitrary zero of the process's own clock. */
export type Ms = number;

/** An instant in milliseconds since 1970, in the time of the one who tells it. Never compared across machines. */
export type EpochMs = number;

/** Ends a timer that {@link Clock.after} started. Calling it late or twice does nothing. */
export type CancelTimer = () => void;

/**
 * The time of this process.
 *
 * `now` is called on every hit, so it must be cheap. It must be monotonic: it never goes back and never jumps when
 * the machine's date is set.
 */
export interface Clock {
  /** Milliseconds since an arbitrary zero; fractions are allowed. */
  now(): Ms;
  /** Runs `task` once after `delayMs`, which may be any length (also above 2³¹ ms) or `Infinity` (never). */
  after(delayMs: Ms, task: () => void): CancelTimer;
  /** As {@link after}, by a timer that does not keep the process alive. Without it `unref` of a cache has no effect on its timers. */
  afterIdle?(delayMs: Ms, task: () => void): CancelTimer;
}

/** Node fires a longer timer after 1 ms instead. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/* What is imported from Node may change while it runs, and is looked up each time; a constant is not. */
const realPerformance = ownPerformance;
const realSetTimeout = ownSetTimeout;
const realDate = Date;

/**
 * The process's monotonic clock and its timers. The default of every cache.
 * A timer keeps the process alive until it has run, unless it is an idle one.
 *
 * It follows fake timers, as test runners have them, that replace the global `performance` together with `setTimeout` or `Date`.
 */
export const systemClock: Clock = { now, after: timers(false), afterIdle: timers(true) };

/** What `performance.now()` says. To ask the global one each time costs every hit a tenth more; to see whether anything is faked costs nothing. */
function now(): Ms {
  const isReal = setTimeout === realSetTimeout && Date === realDate;
  return isReal ? realPerformance.now() : performance.now();
}

function timers(isIdle: boolean): Clock["after"] {
  return (delayMs, task) => {
    if (delayMs === Number.POSITIVE_INFINITY) return () => {};
    // Who is late has a delay below 0, of which Node warns.
    let remainingMs = Math.max(0, delayMs);
    let timer: NodeJS.Timeout;
    const step = (): void => {
      const stepMs = Math.min(remainingMs, LONGEST_TIMER_MS);
      remainingMs -= stepMs;
      timer = setTimeout(remainingMs > 0 ? step : task, stepMs);
      if (isIdle) timer.unref();
    };
    step();
    return () => clearTimeout(timer);
  };
}

/** The clock for what goes on while nobody waits for it, by timers that do not keep the process alive where it has such. */
export function idle(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    after: (delayMs, task) => clock.afterIdle?.(delayMs, task) ?? clock.after(delayMs, task),
  };
}
