import { expect, test } from "vitest";
import { backoffMs } from "./connection.ts";

const DRAWS = 1_000;

function drawn(attempt: number): readonly number[] {
  return Array.from({ length: DRAWS }, () => backoffMs(attempt));
}

test("the wait before an attempt to connect is longer each time, up to about two seconds", () => {
  for (const [attempt, atLeast, below] of [
    [0, 50, 60],
    [10, 50 * 1.1 ** 10, 60 * 1.1 ** 10],
    [1_000, 2_000, 2_400],
  ] as const) {
    expect(Math.min(...drawn(attempt))).toBeGreaterThanOrEqual(atLeast);
    expect(Math.max(...drawn(attempt))).toBeLessThan(below);
  }
});

test("processes that begin to wait together do not end together", () => {
  for (const attempt of [0, 1_000]) expect(new Set(drawn(attempt)).size).toBeGreaterThan(DRAWS / 2);
});
