import type { Clock, Ms } from "../contracts/clock.ts";

/** How long a breaker stays open. */
export interface OpenTimes {
  /** The first time, in ms. */
  readonly openMs: Ms;
  /** What it becomes after many, in ms. */
  readonly longestOpenMs: Ms;
  /** By what each time in a row is longer than the last. */
  readonly growth: number;
}

/** The part of an open time by which it may be shortened, so that processes that opened together do not probe together. */
const JITTER = 0.5;

/** The time that a breaker is to stay open: longer each time in a row, and not the same for all. */
export class OpenTime {
  readonly #times: OpenTimes;
  readonly #clock: Clock;
  readonly #random: () => number;
  #inARow = 0;
  #closedAt: Ms = Number.NEGATIVE_INFINITY;
  #lastMs: Ms = 0;

  constructor(times: OpenTimes, clock: Clock, random: () => number) {
    this.#times = times;
    this.#clock = clock;
    this.#random = random;
  }

  /** It has closed. One that opens again before it was closed for as long as it was open goes on where it was. */
  closed(): void {
    this.#closedAt = this.#clock.now();
  }

  /** For how long it opens now. */
  next(isFirst: boolean): Ms {
    if (isFirst && this.#clock.now() - this.#closedAt >= this.#lastMs) this.#inARow = 0;
    const { openMs, longestOpenMs, growth } = this.#times;
    const wholeMs = Math.min(openMs * growth ** this.#inARow, longestOpenMs);
    this.#inARow++;
    this.#lastMs = wholeMs;
    return wholeMs * (1 - JITTER * this.#random());
  }
}
