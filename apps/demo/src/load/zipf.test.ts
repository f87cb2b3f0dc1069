import { describe, expect, it } from "vitest";
import { SeededRandom } from "../origin/random.ts";
import { expectedDistinctShare, ZipfSampler } from "./zipf.ts";

describe("ZipfSampler", () => {
  it("gives rank r a probability in inverse proportion to r", () => {
    const sampler = new ZipfSampler(100);
    expect(sampler.probability(1) / sampler.probability(10)).toBeCloseTo(10, 8);
    expect(sampler.probabilities().reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 12);
  });

  it("favours no rank at an exponent of 0 and the first ones more at a higher exponent", () => {
    expect(new ZipfSampler(4, 0).probabilities()).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect(new ZipfSampler(4, 2).probability(1)).toBeGreaterThan(new ZipfSampler(4, 1).probability(1));
  });

  it("draws each rank as often as its probability says", () => {
    const sampler = new ZipfSampler(20);
    const random = new SeededRandom(11);
    const counts = new Map<number, number>();
    const draws = 50_000;
    for (let draw = 0; draw < draws; draw += 1) {
      const rank = sampler.sample(random);
      counts.set(rank, (counts.get(rank) ?? 0) + 1);
    }
    for (let rank = 1; rank <= 20; rank += 1) {
      expect(Math.abs((counts.get(rank) ?? 0) / draws - sampler.probability(rank))).toBeLessThan(0.006);
    }
    expect(counts.size).toBe(20);
  });

  it("repeats its draws for the same seed", () => {
    const sampler = new ZipfSampler(1_000);
    const randoms = [new SeededRandom(4), new SeededRandom(4)];
    const [first, second] = randoms.map((random) => Array.from({ length: 30 }, () => sampler.sample(random)));
    expect(first).toEqual(second);
  });

  it("draws different ranks when asked to, down to all there are", () => {
    const ranks = new ZipfSampler(10).sampleDistinct(new SeededRandom(2), 10);
    expect(ranks.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(() => new ZipfSampler(3).sampleDistinct(new SeededRandom(2), 4)).toThrow(RangeError);
  });

  it("refuses an empty range and a negative exponent", () => {
    expect(() => new ZipfSampler(0)).toThrow("rankCount");
    expect(() => new ZipfSampler(5, -1)).toThrow("exponent");
  });
});

describe("expectedDistinctShare", () => {
  it("is 1 for a single draw and one over the draws for a single key", () => {
    expect(expectedDistinctShare([0.5, 0.3, 0.2], 1)).toBeCloseTo(1, 12);
    expect(expectedDistinctShare([1], 40)).toBeCloseTo(1 / 40, 12);
  });

  it("predicts what draws really meet", () => {
    const sampler = new ZipfSampler(1_000);
    const draws = 2_000;
    const random = new SeededRandom(9);
    const met = new Set(Array.from({ length: draws }, () => sampler.sample(random))).size;
    expect(Math.abs(met / draws - expectedDistinctShare(sampler.probabilities(), draws))).toBeLessThan(0.02);
  });
});
