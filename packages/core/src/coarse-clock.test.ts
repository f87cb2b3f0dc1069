import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { coarseClock } from "./coarse-clock.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a coarse clock is behind by up to its resolution and never more", () => {
  const clock = coarseClock(10);
  const start = clock.now();
  vi.advanceTimersByTime(9);
  expect(clock.now()).toBe(start);
  vi.advanceTimersByTime(1);
  expect(clock.now()).toBe(start + 10);
});

test("a coarse clock that nobody asks runs no timer, and is right again when asked", () => {
  const clock = coarseClock(10);
  const start = clock.now();
  vi.advanceTimersByTime(20);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(1_000);
  expect(clock.now()).toBe(start + 1_020);
});

test("a coarse clock's timers are those of the system", () => {
  const ran = vi.fn();
  coarseClock(1_000).after(5, ran);
  vi.advanceTimersByTime(5);
  expect(ran).toHaveBeenCalledTimes(1);
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("a resolution of %s is refused", (resolutionMs) => {
  expect(() => coarseClock(resolutionMs)).toThrow("The resolution of coarseClock is");
});
