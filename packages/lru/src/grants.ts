import { invalidOption, type LocalShare } from "@tiercache/core";

/** What one space is promised of a budget and held to, in the budget's unit: whole entries or bytes. */
export interface Grant {
  /** No other space can push it below this. */
  readonly min: number;
  /** It never takes more than this; at least 1. */
  readonly max: number;
}

/** What sums of parts such as 0.1 and 0.2 may be off by. */
const ROUNDING = 1e-9;

/** Turns the shares of one tier's namespaces into {@link Grant}s, and promises no part of it twice. */
export class Grants {
  readonly #limit: number;
  #promised = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws `INVALID_OPTION` for a part that is promised to others already, or that is less than one entry or byte. */
  grant(namespace: string, { minShare = 0, maxShare = 1 }: LocalShare = {}): Grant {
    const owner = `namespace "${namespace}".local`;
    const left = 1 - this.#promised;
    if (!(minShare <= left + ROUNDING)) {
      const allowed = `at most ${Number(left.toFixed(9))}: the rest of this tier is promised to other namespaces`;
      throw invalidOption(`${owner}.minShare`, minShare, { allowed });
    }
    const min = minShare === 0 ? 0 : this.#units(`${owner}.minShare`, minShare);
    const max = this.#units(`${owner}.maxShare`, maxShare);
    this.#promised += minShare;
    return { min, max };
  }

  #units(option: string, part: number): number {
    // 0.29 of 100 is 28.999999999999996.
    const units = Math.floor(part * this.#limit + 1e-6);
    if (units >= 1) return units;
    throw invalidOption(option, part, { allowed: `a part that makes at least 1 of this tier's ${this.#limit}` });
  }
}
