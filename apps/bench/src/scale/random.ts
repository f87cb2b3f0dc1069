/** Numbers that look random and are the same for the same seed (mulberry32, by T. Ettinger). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to a bound. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** How long until what happens so often on average happens next, in ms. */
  gapMs(perSecond: number): number {
    return perSecond === 0 ? Number.POSITIVE_INFINITY : (-Math.log(1 - this.next()) / perSecond) * 1_000;
  }
}
