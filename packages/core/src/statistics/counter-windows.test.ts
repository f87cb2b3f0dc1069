import { beforeEach, expect, test } from "vitest";
import { CounterWindows, SLOT_MS } from "./counter-windows.ts";

const MINUTE = 60_000;
let windows: CounterWindows;

beforeEach(() => {
  windows = new CounterWindows(2);
});

const last = (windowMs: number, now: number): number[] => Array.from(windows.last(windowMs, now));

test("a window holds what was counted in it, and the total holds everything", () => {
  windows.add(0, 1, 0);
  windows.add(1, 5, 30_000);
  expect(last(MINUTE, 30_000)).toEqual([1, 5]);
  expect(last(MINUTE, MINUTE + 1)).toEqual([0, 5]);
  expect(last(MINUTE, 10 * MINUTE)).toEqual([0, 0]);
  expect(last(15 * MINUTE, 10 * MINUTE)).toEqual([1, 5]);
  expect(Array.from(windows.total)).toEqual([1, 5]);
});

test("a slot that comes round again forgets what it held a quarter of an hour before", () => {
  windows.add(0, 7, 0);
  windows.add(0, 1, 15 * MINUTE);
  expect(last(15 * MINUTE, 15 * MINUTE)).toEqual([1, 0]);
});

test("what came at an unknown time is spread evenly over the time in which it came", () => {
  windows.spread(0, 80, { from: 0, until: 8 * SLOT_MS });
  expect(last(MINUTE, 8 * SLOT_MS)[0]).toBe(30);
  expect(last(15 * MINUTE, 8 * SLOT_MS)[0]).toBe(80);
});

test("of what came over more time than the longest window, the earlier part is in the total alone", () => {
  windows.spread(0, 1_000, { from: 0, until: 60 * MINUTE });
  expect(windows.total[0]).toBe(1_000);
  const inWindow = last(15 * MINUTE, 60 * MINUTE)[0] ?? 0;
  expect(inWindow).toBeGreaterThan(230);
  expect(inWindow).toBeLessThanOrEqual(260);
});

test.each([1, 2, 7, 59, 61, 1_234])(
  "nothing is lost of %i that are spread, however they fall on the slots",
  (times) => {
    for (const [from, until] of [
      [0, 0],
      [3, 14_999],
      [14_999, 15_001],
      [7, 200_001],
      [5, 5_000_000],
    ] as const) {
      const spread = new CounterWindows(1);
      spread.spread(0, times, { from, until });
      expect(spread.total[0]).toBe(times);
    }
  },
);

test("time before zero has windows too", () => {
  windows.add(0, 1, -100_000);
  windows.add(0, 1, -90_000);
  expect(last(MINUTE, -90_000)).toEqual([2, 0]);
});
