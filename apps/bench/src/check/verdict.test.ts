import { expect, test } from "vitest";
import { verdictOf } from "./verdict.ts";

/** Duels with these ratios, one after the other. */
function fights(...ratios: readonly number[]) {
  const left = [...ratios];
  return async () => ({ baseNs: 100, changeNs: 100 * (left[0] ?? Number.NaN), ratio: left.shift() ?? Number.NaN });
}

test("what is slower three times over is slower", async () => {
  const { isSlower, duels } = await verdictOf(fights(1.2, 1.11, 1.3));
  expect(isSlower).toBe(true);
  expect(duels).toHaveLength(3);
});

test("what is not slower once is not, and is asked no further", async () => {
  expect((await verdictOf(fights(1.5, 1.1, 9))).isSlower).toBe(false);
  expect((await verdictOf(fights(0.9, 9, 9))).duels).toHaveLength(1);
});
