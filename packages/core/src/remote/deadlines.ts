import type { CancelTimer, Clock, Ms } from "../contracts/clock.ts";
import { CacheError } from "../errors.ts";
import { LazySignal } from "../lazy-signal.ts";

/** How long an attempt may take, and by which clock. */
export interface Deadline {
  readonly clock: Clock;
  /** `Infinity` for as long as it likes. */
  readonly deadlineMs: Ms;
}

/** A timer that is so late was kept from running. */
const PAUSE_MS: Ms = 50;

/** A timer may be early by less than this. */
const EARLY_MS: Ms = 1;

/** Something under way, and who hears that it is given up. */
class Attempt extends LazySignal {
  readonly dueAt: Ms;
  readonly #reject: (reason: CacheError) => void;

  constructor(dueAt: Ms, reject: (reason: CacheError) => void) {
    super();
    this.dueAt = dueAt;
    this.#reject = reject;
  }

  giveUp(reason: CacheError): void {
    this.#reject(reason);
    this.abandon(reason);
  }
}

/** The deadline of attempts that all may take equally long: they are due in the order in which they begin, so one timer does for all. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #deadlineMs: Ms;
  /** What has not ended, oldest first. */
  readonly #running = new Set<Attempt>();
  #cancel: CancelTimer | undefined;

  constructor({ clock, deadlineMs }: Deadline) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
  }

  /**
   * Runs one operation and answers after the deadline at the latest. An operation that ends later is ignored, whether it
   * succeeds or fails.
   *
   * @throws {@link CacheError} `TIER_TIMEOUT` at the deadline; else what the operation throws.
   */
  within<T>(operation: (call: LazySignal) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const now = this.#clock.now();
      const attempt = new Attempt(now + this.#deadlineMs, reject);
      this.#running.add(attempt);
      if (this.#cancel === undefined) this.#wake(this.#deadlineMs);
      // The tier's own error is handed on as it is: the caller reports it by its code.
      const failed = (error: unknown): void => {
        this.#end(attempt);
        reject(error);
      };
      try {
        operation(attempt).then((answer) => {
          this.#end(attempt);
          resolve(answer);
        }, failed);
      } catch (error) {
        failed(error);
      }
    });
  }

  #end(attempt: Attempt): void {
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
      const message = `A remote tier gave no answer within ${this.#deadlineMs} ms.`;
      attempt.giveUp(new CacheError("TIER_TIMEOUT", message));
    }
    const [oldest] = this.#running;
    if (oldest !== undefined && this.#cancel === undefined) this.#wake(oldest.dueAt - now);
  }
}
