import type { CancelTimer, Clock, Ms } from "../contracts/clock.ts";
import { CacheError } from "../errors.ts";
import type { Endable } from "../lifetime.ts";

/** How long an attempt may take, and by which clock. */
export interface Deadline {
  readonly clock: Clock;
  /** `Infinity` for as long as it likes. */
  readonly deadlineMs: Ms;
}

/** What an attempt is given up with. @defaultValue `TIER_TIMEOUT` */
export type Lateness = (deadlineMs: Ms) => CacheError;

/** A timer that is so late was kept from running. */
const PAUSE_MS: Ms = 50;

/** A timer may be early by less than this. */
const EARLY_MS: Ms = 1;

/** Attempts that were begun in one tick, within less than a timer can tell apart. */
interface Bout {
  readonly beganAt: Ms;
  dueAt: Ms;
}

/** Something under way, and who hears that it is given up. */
interface Attempt {
  readonly bout: Bout;
  readonly failed: (reason: unknown) => void;
  readonly call: Endable;
}

/** Who hears how an attempt ends: one of the two is called, once. */
export interface Ends<T> {
  readonly answered: (answer: T) => void;
  /** Also with what it is given up with. */
  readonly failed: (reason: unknown) => void;
}

/**
 * The deadline of attempts that all may take equally long: they are due in the order in which they begin, so one timer does for all. It
 * counts from the end of the tick in which one is begun, when it has really been sent: how long this process works on thousands of them
 * must not be held against whoever is to answer.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #deadlineMs: Ms;
  /** What has not ended, oldest first. */
  readonly #running = new Set<Attempt>();
  /** Those of this tick: a clock that is set by hand may go on in the middle of it. */
  #bouts: Bout[] = [];
  readonly #lateness: Lateness;
  #cancel: CancelTimer | undefined;
  /** Whether it is going to be seen at the end of the tick whether a timer is still needed. */
  #isLeaving = false;

  constructor({ clock, deadlineMs }: Deadline, lateness: Lateness = tierTimeout) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
    this.#lateness = lateness;
  }

  /**
   * Runs one operation and answers after the deadline at the latest. An operation that ends later is ignored, whether it
   * succeeds or fails.
   *
   * @param call - Is told when it is given up.
   * @throws {@link CacheError} `TIER_TIMEOUT`, or what else was given for that, at the deadline; else what the operation throws.
   */
  within<T, C extends Endable>(call: C, operation: (call: C) => Promise<T>): Promise<T> {
    return new Promise<T>((answered, failed) => this.attempt(call, operation, { answered, failed }));
  }

  /** As {@link within}, for one who makes a promise of his own out of it. */
  attempt<T, C extends Endable>(call: C, operation: (call: C) => Promise<T>, { answered, failed }: Ends<T>): void {
    const attempt: Attempt = { bout: this.#bout(), failed, call };
    this.#running.add(attempt);
    if (this.#cancel === undefined) this.#wake(this.#deadlineMs);
    // The tier's own error is handed on as it is: the caller reports it by its code.
    const threw = (error: unknown): void => {
      if (this.#end(attempt)) failed(error);
    };
    try {
      operation(call).then((answer) => {
        if (this.#end(attempt)) answered(answer);
      }, threw);
    } catch (error) {
      threw(error);
    }
  }

  #bout(): Bout {
    const now = this.#clock.now();
    const latest = this.#bouts.at(-1);
    if (latest !== undefined && now - latest.beganAt < EARLY_MS) return latest;
    if (latest === undefined) queueMicrotask(this.#endSoon);
    const bout = { beganAt: now, dueAt: now + this.#deadlineMs };
    this.#bouts.push(bout);
    return bout;
  }

  readonly #endSoon = (): void => process.nextTick(this.#endTick);

  readonly #endTick = (): void => {
    const bouts = this.#bouts;
    this.#bouts = [];
    // Once more at the end of the tick: what is put off to then is to be sent first.
    process.nextTick(this.#putOff, bouts);
  };

  readonly #putOff = (bouts: readonly Bout[]): void => {
    const dueAt = this.#clock.now() + this.#deadlineMs;
    for (const bout of bouts) bout.dueAt = dueAt;
  };

  /** Returns whether it had not been given up. */
  #end(attempt: Attempt): boolean {
    const isInTime = this.#running.delete(attempt);
    // What begins in this tick makes use of the timer that there is.
    if (isInTime && this.#running.size === 0 && !this.#isLeaving) {
      this.#isLeaving = true;
      queueMicrotask(this.#leaveSoon);
    }
    return isInTime;
  }

  readonly #leaveSoon = (): void => process.nextTick(this.#leave);

  readonly #leave = (): void => {
    this.#isLeaving = false;
    this.#restIfDone();
  };

  #restIfDone(): void {
    if (this.#running.size > 0) return;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wake(delayMs: Ms): void {
    const wakeAt = this.#clock.now() + delayMs;
    this.#cancel = this.#clock.after(delayMs, () => {
      if (this.#clock.now() - wakeAt < PAUSE_MS) return this.#giveUpDue();
      // After a pause of this process its timers are first; an answer that has arrived meanwhile shall be heard before they count.
      const soon = setImmediate(() => this.#giveUpDue());
      this.#cancel = () => clearImmediate(soon);
    });
  }

  #giveUpDue(): void {
    this.#cancel = undefined;
    const now = this.#clock.now();
    for (const attempt of this.#running) {
      if (attempt.bout.dueAt >= now + EARLY_MS) break;
      this.#running.delete(attempt);
      const reason = this.#lateness(this.#deadlineMs);
      attempt.failed(reason);
      attempt.call.abandon(reason);
    }
    const [oldest] = this.#running;
    if (oldest !== undefined && this.#cancel === undefined) this.#wake(oldest.bout.dueAt - now);
  }
}

function tierTimeout(deadlineMs: Ms): CacheError {
  return new CacheError("TIER_TIMEOUT", `A remote tier gave no answer within ${deadlineMs} ms.`);
}
