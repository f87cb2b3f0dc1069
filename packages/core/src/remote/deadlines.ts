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

/** Something under way, and who hears that it is given up. */
interface Attempt {
  dueAt: Ms;
  readonly reject: (reason: CacheError) => void;
  readonly call: Endable;
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
  /** What was begun in this tick and has not ended: loads that answer at once may be any number in one tick, and are not to be held until its end. */
  #begun = new Set<Attempt>();
  #isGathering = false;
  readonly #lateness: Lateness;
  #cancel: CancelTimer | undefined;

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
    return new Promise<T>((resolve, reject) => {
      const attempt: Attempt = { dueAt: this.#clock.now() + this.#deadlineMs, reject, call };
      this.#running.add(attempt);
      this.#begun.add(attempt);
      if (!this.#isGathering) this.#putOffSoon();
      if (this.#cancel === undefined) this.#wake(this.#deadlineMs);
      // The tier's own error is handed on as it is: the caller reports it by its code.
      const failed = (error: unknown): void => {
        this.#end(attempt);
        reject(error);
      };
      try {
        operation(call).then((answer) => {
          this.#end(attempt);
          resolve(answer);
        }, failed);
      } catch (error) {
        failed(error);
      }
    });
  }

  #putOffSoon(): void {
    this.#isGathering = true;
    queueMicrotask(() => process.nextTick(this.#putOff));
  }

  readonly #putOff = (): void => {
    const begun = this.#begun;
    this.#begun = new Set();
    this.#isGathering = false;
    // Once more at the end of the tick: what is put off to then is to be sent first.
    process.nextTick(() => {
      const dueAt = this.#clock.now() + this.#deadlineMs;
      for (const attempt of begun) attempt.dueAt = dueAt;
    });
  };

  #end(attempt: Attempt): void {
    this.#begun.delete(attempt);
    this.#running.delete(attempt);
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
      if (attempt.dueAt >= now + EARLY_MS) break;
      this.#running.delete(attempt);
      const reason = this.#lateness(this.#deadlineMs);
      attempt.reject(reason);
      attempt.call.abandon(reason);
    }
    const [oldest] = this.#running;
    if (oldest !== undefined && this.#cancel === undefined) this.#wake(oldest.dueAt - now);
  }
}

function tierTimeout(deadlineMs: Ms): CacheError {
  return new CacheError("TIER_TIMEOUT", `A remote tier gave no answer within ${deadlineMs} ms.`);
}
