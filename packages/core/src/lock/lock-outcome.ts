import type { Clock, Ms } from "../contracts/clock.ts";
import type { LockWaitOutcome, Observer } from "../contracts/observer.ts";
import { isCacheError } from "../errors.ts";

/** Tells how one call of `withLock` goes: how long it waits for the lock, and then how long it holds it. */
export class LockOutcome {
  readonly #clock: Clock;
  readonly #observer: Observer | undefined;
  /** When it began to wait, then when it was granted. */
  #since: Ms;
  #isGranted = false;

  constructor(clock: Clock, observer: Observer | undefined) {
    this.#clock = clock;
    this.#observer = observer;
    this.#since = clock.now();
  }

  granted(): void {
    this.#waited("granted");
    this.#isGranted = true;
    this.#since = this.#clock.now();
  }

  /** @param lost - Whether somebody else may have had it meanwhile. */
  ended(lost: boolean): void {
    this.#observer?.on({ type: "lock-held", lost, durationMs: this.#clock.now() - this.#since });
  }

  /** The call is to end in an error; of one that comes after the grant nothing is told here. */
  failed(error: unknown): void {
    if (this.#isGranted) return;
    const code = isCacheError(error) ? error.code : undefined;
    if (code === "LOCK_NOT_ACQUIRED") this.#waited("not-granted");
    else this.#waited(code === "LOCK_UNAVAILABLE" ? "unavailable" : "left");
  }

  #waited(outcome: LockWaitOutcome): void {
    this.#observer?.on({ type: "lock-waited", outcome, durationMs: this.#clock.now() - this.#since });
  }
}
