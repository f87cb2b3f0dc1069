import { manualClock } from "@tiercache/testing";
import { expect, test, vi } from "vitest";
import { AnnouncementLog, TOLD_EVERY_MS } from "./announcement-log.ts";
import type { NumberRange } from "./cluster-message.ts";

async function settled(): Promise<void> {
  await new Promise(setImmediate);
}

function logged() {
  const clock = manualClock();
  const tell = vi.fn(async (_ranges: readonly NumberRange[]) => {});
  const log = new AnnouncementLog({ clock, tell });
  const passes = async (): Promise<void> => {
    clock.advance(TOLD_EVERY_MS);
    await settled();
  };
  return { clock, tell, log, passes };
}

test("what was acknowledged is told three times, and then nothing is", async () => {
  const { clock, tell, log, passes } = logged();
  log.acknowledged(log.next());
  for (let round = 0; round < 5; round++) await passes();
  expect(tell.mock.calls).toEqual([[[[1, 1]]], [[[1, 1]]], [[[1, 1]]]]);
  expect(clock.pending).toBe(0);
});

test("what was refused or is not ended is not told, and what was acknowledged meanwhile is told in ranges", async () => {
  const { tell, log, passes } = logged();
  const numbers = Array.from({ length: 8 }, () => log.next());
  for (const number of numbers.toReversed()) if (![4, 6].includes(number)) log.acknowledged(number);
  await passes();
  const ranges = [
    [1, 3],
    [5, 5],
    [7, 8],
  ];
  expect(tell).toHaveBeenLastCalledWith(ranges);
  log.acknowledged(4);
  await passes();
  expect(tell).toHaveBeenLastCalledWith([
    [1, 5],
    [7, 8],
  ]);
  await passes();
  await passes();
  expect(tell).toHaveBeenLastCalledWith([[4, 4]]);
});

test("what could not be told is told once more for it", async () => {
  const { tell, log, passes } = logged();
  tell.mockRejectedValueOnce(new Error("away"));
  log.acknowledged(log.next());
  for (let round = 0; round < 6; round++) await passes();
  expect(tell).toHaveBeenCalledTimes(4);
});

test("after closing nothing is told", async () => {
  const { clock, tell, log, passes } = logged();
  log.acknowledged(log.next());
  log.close();
  log.acknowledged(log.next());
  await passes();
  expect(tell).not.toHaveBeenCalled();
  expect(clock.pending).toBe(0);
});
