import { expect, test } from "vitest";
import { readDelayMs } from "../src/database/row-store.ts";
import { FOCUS_MS, focusAt } from "../src/key-space.ts";
import { Random } from "../src/random.ts";

test("the same seed draws the same numbers, another seed others", () => {
  const draw = (seed: number): readonly number[] => {
    const random = new Random(seed);
    return Array.from({ length: 20 }, () => random.next());
  };
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("what is drawn lies within its bounds", () => {
  const random = new Random(5);
  for (let turn = 0; turn < 1_000; turn++) {
    expect(random.between(2, 3)).toBeGreaterThanOrEqual(2);
    expect(random.below(4)).toBeLessThan(4);
  }
  expect(new Set(random.shuffled([1, 2, 3]))).toEqual(new Set([1, 2, 3]));
  expect(() => random.pick([])).toThrow(RangeError);
});

test("a tenth of the answers of the database are slow", () => {
  const random = new Random(5);
  const delays = Array.from({ length: 10_000 }, () => readDelayMs(random));
  const slow = delays.filter((ms) => ms > 20).length;
  expect(slow).toBeGreaterThan(800);
  expect(slow).toBeLessThan(1_200);
  expect(Math.max(...delays)).toBeLessThan(600);
});

test("all processes are at the same key at the same time, and at another one in the next moment", () => {
  expect(focusAt(1_000 * FOCUS_MS)).toBe(focusAt(1_001 * FOCUS_MS - 1));
  expect(focusAt(1_000 * FOCUS_MS)).not.toBe(focusAt(1_001 * FOCUS_MS));
});
