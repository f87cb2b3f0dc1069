import { expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";

test("a timer longer than Node's own longest one does not run at once", () => {
  vi.useFakeTimers();
  const ran = vi.fn();
  const days30 = 30 * 86_400_000;
  systemClock.after(days30, ran);
  vi.advanceTimersByTime(days30 - 1);
  expect(ran).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(ran).toHaveBeenCalledTimes(1);
  vi.useRealTimers();
});

test("a cancelled timer never runs, wherever in its life it was cancelled", () => {
  vi.useFakeTimers();
  const ran = vi.fn();
  const cancel = systemClock.after(2 ** 32, ran);
  vi.advanceTimersByTime(2 ** 31 + 5);
  cancel();
  cancel();
  vi.advanceTimersByTime(2 ** 33);
  systemClock.after(Number.POSITIVE_INFINITY, ran)();
  expect(ran).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test("a timer that is due already runs as soon as it can, and Node has nothing to warn of", async () => {
  const warned = vi.fn();
  process.on("warning", warned);
  await new Promise<void>((resolve) => systemClock.after(-0.5, resolve));
  process.off("warning", warned);
  expect(warned).not.toHaveBeenCalled();
});

test.each([
  ["all that can be faked", undefined],
  ["timers and performance", { toFake: ["setTimeout", "performance"] as const }],
  ["the date and performance", { toFake: ["Date", "performance"] as const }],
])("fake timers of a test are followed for as long as they are there: %s", (_, faked) => {
  const before = systemClock.now();
  vi.useFakeTimers(faked === undefined ? {} : { toFake: [...faked.toFake] });
  const faked0 = systemClock.now();
  vi.advanceTimersByTime(86_400_000);
  expect(systemClock.now() - faked0).toBe(86_400_000);
  vi.useRealTimers();
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  expect(systemClock.now() - before).toBeLessThan(86_400_000);
});
