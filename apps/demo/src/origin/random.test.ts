import { describe, expect, it } from "vitest";
import { SeededRandom } from "./random.ts";

function numbers(random: SeededRandom, count: number): number[] {
  return Array.from({ length: count }, () => random.next());
}

describe("SeededRandom", () => {
  it("repeats its sequence for the same seed and stream", () => {
    expect(numbers(new SeededRandom(7, "jobs"), 50)).toEqual(numbers(new SeededRandom(7, "jobs"), 50));
  });

  it("gives another sequence for another seed or another stream", () => {
    const reference = numbers(new SeededRandom(7, "jobs"), 5);
    expect(numbers(new SeededRandom(8, "jobs"), 5)).not.toEqual(reference);
    expect(numbers(new SeededRandom(7, "users"), 5)).not.toEqual(reference);
  });

  it("spreads its numbers evenly over 0 to 1", () => {
    const buckets = Array.from({ length: 10 }, () => 0);
    for (const number of numbers(new SeededRandom(1), 20_000)) {
      const bucket = Math.floor(number * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });

  it("keeps integers within both bounds and reaches them", () => {
    const random = new SeededRandom(3);
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(-1, 2)));
    expect([...seen].toSorted((a, b) => a - b)).toEqual([-1, 0, 1, 2]);
  });

  it("samples different elements and leaves the list as it was", () => {
    const list = ["a", "b", "c", "d"];
    const sample = new SeededRandom(5).sample(list, 3);
    expect(new Set(sample).size).toBe(3);
    expect(list).toEqual(["a", "b", "c", "d"]);
    expect(new SeededRandom(5).sample(list, 9)).toHaveLength(4);
  });

  it("refuses to pick from nothing", () => {
    expect(() => new SeededRandom(1).pick([])).toThrow(RangeError);
  });
});
