import { expect, test } from "vitest";
import { manualClock } from "../manual-clock.ts";
import { remoteTierSuite } from "../remote/remote-tier-suite.ts";
import { memoryTier } from "./memory-server.ts";

const suite = remoteTierSuite(() => {
  const clock = manualClock();
  return { tier: memoryTier({ clock }), advance: (ms) => clock.advance(ms) };
});
for (const { title, run } of suite) test(title, run);

const forever = { ttlMs: Number.POSITIVE_INFINITY };

test("its time is its own and moves with the clock", () => {
  const clock = manualClock(1_000);
  expect(memoryTier({ clock }).now()).toBe(1_700_000_001_000);
  const tier = memoryTier({ clock, epochMs: 50 });
  clock.advance(5);
  expect(tier.now()).toBe(1_055);
});

test("it counts and lists what it holds without what has expired", async () => {
  const clock = manualClock();
  const tier = memoryTier({ clock, name: "far" });
  await tier.write("a", Uint8Array.of(1), { ttlMs: 10 });
  await tier.write("b", Uint8Array.of(1), forever);
  expect([tier.size, tier.keys, tier.name]).toEqual([2, ["a", "b"], "far"]);
  clock.advance(10);
  expect([tier.size, tier.keys]).toEqual([1, ["b"]]);
});

test("what it holds outlives its closing", async () => {
  const tier = memoryTier({ clock: manualClock() });
  await tier.write("a", Uint8Array.of(1), forever);
  await tier.close();
  expect(await tier.readMany(["a"])).toEqual([Uint8Array.of(1)]);
});

test("a call that breaks the contract is rejected", async () => {
  const tier = memoryTier({ clock: manualClock() });
  const failed = expect.objectContaining({ code: "TIER_FAILED" });
  for (const ttlMs of [0, -1, Number.NaN]) {
    await expect(tier.write("a", Uint8Array.of(1), { ttlMs })).rejects.toEqual(failed);
  }
  await expect(tier.write("\ud800", Uint8Array.of(1), forever)).rejects.toEqual(failed);
  await expect(tier.readMany([7 as unknown as string])).rejects.toEqual(failed);
});

test("wrong options are refused by name", () => {
  const clock = manualClock();
  expect(() => memoryTier({} as never)).toThrow("memoryTier.clock is missing");
  expect(() => memoryTier(undefined as never)).toThrow("memoryTier.clock is missing");
  expect(() => memoryTier({ clock, epochMs: Number.NaN })).toThrow("memoryTier.epochMs is NaN");
  expect(() => memoryTier({ clock, size: 1 } as never)).toThrow("memoryTier.size is not an option");
});
