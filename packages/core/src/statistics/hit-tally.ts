import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { CacheEvent, Observer } from "../contracts/observer.ts";

/** Whose hits are tallied. */
export interface HitTallyParts {
  readonly namespace: string;
  readonly tier: string;
  /** Whether they are counted at all. */
  readonly counts: boolean;
  /** Who is told of each hit. */
  readonly listener: Observer | undefined;
}

/**
 * What is done for every plain hit: two additions in place, and where somebody listens, a word to him. No look at the time,
 * and nothing is made.
 */
export class HitTally {
  readonly #counts: boolean;
  readonly #listener: Observer | undefined;
  /** The events of a hit, the same object each time. */
  readonly #told: CacheEvent;
  readonly #toldNegative: CacheEvent;
  #hits = 0;
  #savedMs = 0;

  constructor({ namespace, tier, counts, listener }: HitTallyParts) {
    const told = { type: "hit", namespace, tier } as const;
    this.#counts = counts;
    this.#listener = listener;
    this.#told = Object.freeze(told);
    this.#toldNegative = Object.freeze({ ...told, negative: true });
  }

  get hits(): number {
    return this.#hits;
  }

  /** The loads that hits have saved. */
  get savedMs(): Ms {
    return this.#savedMs;
  }

  /** A plain hit. */
  hit({ value, loadMs }: Entry<unknown>): void {
    if (this.#counts) {
      this.#hits++;
      this.#savedMs += loadMs;
    }
    this.#listener?.on(value === undefined ? this.#toldNegative : this.#told);
  }

  /** A hit that is counted elsewhere has saved a load too. */
  saved(loadMs: Ms): void {
    if (this.#counts) this.#savedMs += loadMs;
  }
}
