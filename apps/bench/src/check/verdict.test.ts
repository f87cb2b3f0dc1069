import { expect, test } from "vitest";
import { duelOf } from "./duel.ts";
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

test("rounds that a neighbour has made longer make no change slower, and all that are longer do", () => {
  const disturbed = [100, 200, 200].map((changeNs) => ({ baseNs: 100, changeNs }));
  expect(duelOf(disturbed)).toEqual({ baseNs: 100, changeNs: 200, ratio: 1 });
  const slower = [130, 150, 120].map((changeNs) => ({ baseNs: 100, changeNs }));
  expect(duelOf(slower).ratio).toBeCloseTo(1.2);
});
