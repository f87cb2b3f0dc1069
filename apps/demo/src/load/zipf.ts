import type { SeededRandom } from "../origin/random.ts";

/**
 * Draws ranks by Zipf's law: rank `r` of `n` comes with a probability proportional to `1 / r ** exponent`. With an
 * exponent of 1, the law found for words, pages and sites, the tenth rank is asked for a tenth as often as the first.
 *
 * Inverse transform sampling: the cumulative probabilities are a table, and a uniform number is looked up in it.
 */
export class ZipfSampler {
  /** How many ranks there are. */
  readonly rankCount: number;
  readonly #cumulative: Float64Array;

  /**
   * @param rankCount a whole number from 1
   * @param exponent 0 (all ranks alike) or more
   * @throws RangeError for anything else
   */
  constructor(rankCount: number, exponent: number = 1) {
    if (!Number.isSafeInteger(rankCount) || rankCount < 1)
      throw new RangeError(`rankCount must be 1 or more, not ${rankCount}`);
    if (!Number.isFinite(exponent) || exponent < 0) throw new RangeError(`exponent must be 0 or more, not ${exponent}`);
    this.rankCount = rankCount;
    this.#cumulative = new Float64Array(rankCount);
    let sum = 0;
    for (let rank = 1; rank <= rankCount; rank += 1) {
      sum += rank ** -exponent;
      this.#cumulative[rank - 1] = sum;
    }
    for (let index = 0; index < rankCount; index += 1) this.#cumulative[index] = (this.#cumulative[index] ?? 0) / sum;
  }

  /** How likely the rank is, 0 to 1; ranks count from 1. */
  probability(rank: number): number {
    return (this.#cumulative[rank - 1] ?? 0) - (this.#cumulative[rank - 2] ?? 0);
  }

  /** The probabilities of all ranks, the first rank's first. */
  probabilities(): number[] {
    return Array.from({ length: this.rankCount }, (_, index) => this.probability(index + 1));
  }

  /** A rank from 1 to `rankCount`. Takes one number from `random`. */
  sample(random: SeededRandom): number {
    const point = random.next();
    let low = 0;
    let high = this.rankCount - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#cumulative[middle] ?? 1) > point) high = middle;
      else low = middle + 1;
    }
    return low + 1;
  }

  /** `count` different ranks, in the order they were drawn; a rank drawn again is drawn anew. */
  sampleDistinct(random: SeededRandom, count: number): number[] {
    if (count > this.rankCount) throw new RangeError(`There are no ${count} different ranks among ${this.rankCount}`);
    const ranks = new Set<number>();
    while (ranks.size < count) ranks.add(this.sample(random));
    return [...ranks];
  }
}

/**
 * The share of draws that ask for something not drawn before: what an endless cache, empty at first, must load.
 * Of keys with the probabilities p, `n` draws meet `Σ 1 - (1 - p)^n` different ones.
 *
 * @param probabilities of all keys; their sum is 1
 * @param draws 1 or more
 * @returns above 0, at most 1
 */
export function expectedDistinctShare(probabilities: readonly number[], draws: number): number {
  return probabilities.reduce((sum, probability) => sum + 1 - (1 - probability) ** draws, 0) / draws;
}
