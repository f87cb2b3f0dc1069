import { createCache } from "@tiercache/core";
import { chaos, manualClock, memoryServer } from "@tiercache/testing";
import { beforeEach, expect, test } from "vitest";
import { Recorder } from "../src/history/recorder.ts";
import { TappedTier } from "../src/worker/tapped-tier.ts";

const clock = manualClock();
let recorder: Recorder;
let tapped: TappedTier;
let tier: ReturnType<typeof chaos>;

beforeEach(() => {
  recorder = new Recorder("w1");
  tier = chaos(memoryServer({ clock }).tier());
  tapped = new TappedTier(tier, recorder);
});

function kinds(): readonly string[] {
  return recorder.events.map(({ kind }) => kind);
}

test("what a cache asks of a tier is written down, by the keys of its namespace", async () => {
  const rows = createCache({ tiers: [tapped.tier], clock }).namespace("row", { load: () => 1 });
  await rows.get("warm-7");
  await rows.invalidate("warm-7");
  const asked = recorder.events.find(({ kind }) => kind === "tier-read");
  expect(asked).toMatchObject({ process: "w1", keys: ["warm-7", "generation:row"], done: true });
  const removed = recorder.events.find(({ kind }) => kind === "removal");
  expect(removed).toMatchObject({ keys: ["warm-7"], done: true });
  expect(kinds()).toContain("gap");
  expect([tapped.pending, tapped.reads > 0]).toEqual([0, true]);
});

test("a removal that fails is pending until the same one is done", async () => {
  const rows = createCache({ tiers: [tapped.tier], clock }).namespace("row", { load: () => 1 });
  await rows.get("warm-7");
  tier.fail(new Error("connection lost"), "remove");
  expect(await rows.invalidate("warm-7")).toEqual({ status: "queued" });
  tier.heal();
  expect(tapped.pending).toBe(1);
  await rows.get("warm-7");
  expect(tapped.pending).toBe(0);
  const removals = recorder.events.filter((event) => event.kind === "removal");
  expect(removals.map(({ done }) => done)).toEqual([false, true]);
  expect(new Set(removals.map(({ announce }) => announce)).size).toBe(1);
});
