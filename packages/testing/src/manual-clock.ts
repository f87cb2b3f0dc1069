import { type CancelTimer, type Clock, invalidOption, type Ms } from "@tiercache/core";

interface Timer {
  readonly at: Ms;
  readonly task: () => void;
}

const advanceRule = { allowed: "a finite number of milliseconds of at least 0" };

/** A clock that stands still until a test moves it. Made by {@link manualClock}. */
export class ManualClock implements Clock {
  #now: Ms;
  readonly #timers = new Set<Timer>();

  /** @internal */
  constructor(startMs: Ms) {
    this.#now = startMs;
  }

  /** The number of timers that wait to run. A timer of `Infinity` never runs and is not counted. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next timer is due; `undefined` when none waits. */
  get nextAt(): Ms | undefined {
    return this.#next(Number.POSITIVE_INFINITY)?.at;
  }

  now(): Ms {
    return this.#now;
  }

  after(delayMs: Ms, task: () => void): CancelTimer {
    if (delayMs === Number.POSITIVE_INFINITY) return () => {};
    const timer: Timer = { at: this.#now + (delayMs > 0 ? delayMs : 0), task };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /**
   * Moves the time on and runs every timer that falls due, in the order of their instants and, within one instant, in
   * the order they were set; `now()` is each timer's own instant while it runs. Timers that are set meanwhile run too
   * if they fall due. What awaits a promise runs after this call has returned.
   *
   * @param ms - How far, in ms; at least 0.
   * @throws `INVALID_OPTION`; what a timer's task throws, with the later timers still pending.
   */
  advance(ms: Ms): void {
    if (!(ms >= 0 && Number.isFinite(ms))) throw invalidOption("The argument of manualClock.advance", ms, advanceRule);
    const until = this.#now + ms;
    for (let timer = this.#next(until); timer !== undefined; timer = this.#next(until)) {
      this.#timers.delete(timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.task();
    }
    this.#now = Math.max(this.#now, until);
  }

  #next(until: Ms): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer;
    }
    return next;
  }
}

/**
 * Makes a clock that stands still until a test moves it, so that no test has to sleep.
 *
 * @param startMs - What `now()` says at first. @defaultValue 0
 *
 * @example
 * ```ts
 * import { manualClock } from "@tiercache/testing";
 *
 * const clock = manualClock();
 * clock.after(1_000, () => console.log("due at", clock.now())); // "due at 1000"
 * clock.advance(5_000);
 * console.log(clock.now()); // 5000
 * ```
 */
export function manualClock(startMs: Ms = 0): ManualClock {
  return new ManualClock(startMs);
}
