import { expect, test } from "vitest";
import type { Contender } from "./comparison.ts";
import { median } from "./median.ts";
import { measure } from "./rounds.ts";

test("contenders take turns, each doing the thing as often in every round", async () => {
  const turns: [name: string, times: number][] = [];
  const contender = (name: string): Contender => ({ name, run: async (times) => void turns.push([name, times]) });
  const comparison = { name: "c", timesPerRound: 20, contenders: [contender("a"), contender("b")] } as const;
  const measurements = await measure(comparison, 2);
  // The first turn of each warms up, and is not counted.
  expect(turns.map(([name]) => name)).toEqual(["a", "b", "a", "b", "a", "b"]);
  const [, , [, ofA], [, ofB], ...last] = turns as [unknown, unknown, [string, number], [string, number]];
  expect(last).toEqual([
    ["a", ofA],
    ["b", ofB],
  ]);
  expect(ofA).toBeLessThanOrEqual(20);
  expect(measurements.map(({ contender: name }) => name)).toEqual(["a", "b"]);
  expect(measurements[0]?.ratio).toBe(1);
});

test("what measures by itself is taken at its word, and compared by its first figure", async () => {
  const saying = (name: string, ...bytes: number[]): Contender => ({
    name,
    run: async () => ({ bytes: bytes.shift() ?? Number.NaN, entries: 10 }),
  });
  const contenders = [saying("floor", 0, 100, 10), saying("other", 0, 150, 40)] as const;
  const [, other] = await measure({ name: "c", timesPerRound: 1, contenders }, 2);
  expect(other).toMatchObject({ median: 150, best: 40, ratio: 4, figures: { bytes: 150, entries: 10 } });
});

test("who gives back something wrong is listed and never run", async () => {
  const floor: Contender = { name: "floor", run: async () => ({ ns: 1 }) };
  const wrong: Contender = {
    name: "wrong",
    wrong: "a plain object",
    run: async () => expect.unreachable(),
  };
  const [, measurement] = await measure({ name: "c", timesPerRound: 1, contenders: [floor, wrong] }, 1);
  expect(measurement).toMatchObject({ contender: "wrong", wrong: "a plain object", median: Number.NaN });
});

test("who fails is told so, and the others go on", async () => {
  let rounds = 0;
  const failing: Contender = {
    name: "failing",
    async run() {
      if (++rounds > 1) throw new Error("It is gone.");
    },
  };
  const floor: Contender = { name: "floor", run: async () => ({ ns: 1 }) };
  const comparison = { name: "c", timesPerRound: 1, contenders: [floor, failing] } as const;
  const measurements = await measure(comparison, 3);
  expect(measurements).toMatchObject([{ median: 1 }, { wrong: "fails: It is gone.", median: Number.NaN }]);
  expect(rounds).toBe(2);
});

test("a median is not moved by one slow round", () => {
  expect(median([3, 1, 1_000])).toBe(3);
  expect(median([])).toBeNaN();
});
