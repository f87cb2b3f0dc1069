import type { Clock, Ms } from "../contracts/clock.ts";

/** How long one caller waits, and what ends it before. */
export class Patience {
  readonly #clock: Clock;
  readonly #endsAt: Ms;
  readonly #signal: AbortSignal;

  constructor(clock: Clock, waitMs: Ms, signal: AbortSignal) {
    this.#clock = clock;
    this.#endsAt = clock.now() + waitMs;
    this.#signal = signal;
  }

  /** How long it still lasts; not above 0 when it is at its end. */
  get leftMs(): Ms {
    return this.#endsAt - this.#clock.now();
  }

  /**
   * Waits for something, no longer than `atMostMs` and than it lasts. Resolves to whether it has come.
   *
   * @throws (rejects) The signal's reason.
   */
  async wait(something: Promise<void>, atMostMs: Ms = Number.POSITIVE_INFINITY): Promise<boolean> {
    this.#signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    const cancel = this.#clock.after(Math.max(0, Math.min(atMostMs, this.leftMs)), () => resolve(false));
    const aborted = (): void => reject(this.#signal.reason);
    this.#signal.addEventListener("abort", aborted, { once: true });
    void something.then(() => resolve(true));
    try {
      return await promise;
    } finally {
      cancel();
      this.#signal.removeEventListener("abort", aborted);
    }
  }
}
