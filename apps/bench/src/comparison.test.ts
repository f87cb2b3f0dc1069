import { expect, test } from "vitest";
import { measure, median } from "./comparison.ts";

test("contenders take turns, each doing the thing as often in every round", async () => {
  const turns: string[] = [];
  const contender = (name: string) => ({
    name,
    run: async (times: number) => void turns.push(`${name}${times}`),
  });
  const results = await measure({ name: "c", timesPerRound: 5, contenders: [contender("a"), contender("b")] }, 2);
  // The first turn of each warms up and is not counted.
  expect(turns).toEqual(["a5", "b5", "a5", "b5", "a5", "b5"]);
  expect(results.map(({ contender: name }) => name)).toEqual(["a", "b"]);
  expect(results[0]?.ratio).toBe(1);
});

test("a median is not moved by one slow round", () => {
  expect(median([3, 1, 1_000])).toBe(3);
  expect(median([])).toBeNaN();
});
