import { expect, test } from "vitest";
import { percentile } from "./percentile.ts";

test("a percentile is the nearest number that has the share below it", () => {
  const numbers = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect(percentile(numbers, 0.5)).toBe(50);
  expect(percentile(numbers, 0.99)).toBe(99);
  expect(percentile([7], 0.01)).toBe(7);
  expect(percentile([], 0.5)).toBeUndefined();
});
