import type { Ms } from "../contracts/clock.ts";

/** Decides by how calls end whether to go on making them. */
export interface FailureJudge {
  succeeded(now: Ms): void;
  /**
   * @param unanswered - How many calls besides have had no answer for long.
   * @returns Whether it is time to stop.
   */
  failed(now: Ms, unanswered: number): boolean;
  /** Forgets what was before. */
  reset(): void;
}

/** Stops after so many failures in a row. */
export class FailureRun implements FailureJudge {
  readonly #failures: number;
  #run = 0;

  /** @param failures - `Infinity` never stops. */
  constructor(failures: number) {
    this.#failures = failures;
  }

  succeeded(): void {
    this.#run = 0;
  }

  failed(_now: Ms, unanswered: number): boolean {
    this.#run++;
    return this.#run + unanswered >= this.#failures;
  }

  reset(): void {
    this.#run = 0;
  }
}
