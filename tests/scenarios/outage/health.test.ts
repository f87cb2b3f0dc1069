import { createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { chaos, manualClock, memoryTier } from "@tiercache/testing";
import { beforeEach, expect, test } from "vitest";
import { FencedFleet } from "../fence/fenced-fleet.ts";
import { cutOff, passesIn } from "./cut-off.ts";

let fleet: FencedFleet;

beforeEach(() => {
  fleet = new FencedFleet();
});

test("a cache whose tiers answer is healthy, and tells how soon they did", async () => {
  const { cache, tier } = fleet.process({ horizonMs: 1_000 });
  tier.hold("read");
  const asking = cache.health();
  await tier.whenHeld(1);
  fleet.clock.advance(30);
  tier.release();
  expect(await asking).toEqual({
    status: "healthy",
    reasons: [],
    tiers: [{ tier: "memory", breaker: "closed", roundTripMs: 30, failure: undefined, pendingRemovals: 0 }],
  });
});

test("one that has been idle so long that its proof ran out is healthy all the same", async () => {
  const { cache } = fleet.process({ horizonMs: 1_000 });
  for (let passed = 0; passed < minutes(2); passed += 100) await passesIn(fleet, 100);
  expect((await cache.health()).status).toBe("healthy");
});

test("one whose tier is away is degraded: the reasons are told, and the question is put all the same", async () => {
  const { cache, tier, users } = await cutOff(fleet);
  await users.invalidate("known");
  expect(await cache.health()).toEqual({
    status: "degraded",
    reasons: [
      { reason: "unreachable", tier: "memory" },
      { reason: "breaker-open", tier: "memory" },
      { reason: "removals-pending", tier: "memory" },
    ],
    tiers: [{ tier: "memory", breaker: "open", roundTripMs: undefined, failure: "TIER_FAILED", pendingRemovals: 1 }],
  });
  expect(tier.count("read")).toBe(1);
});

test("one that has lost its proof is degraded", async () => {
  const { cache, tier } = fleet.process({ horizonMs: 1_000 });
  await passesIn(fleet, 100);
  tier.loseBus();
  for (let passed = 0; passed < 2_000; passed += 100) await passesIn(fleet, 100);
  const asking = cache.health();
  await fleet.settled();
  fleet.clock.advance(200);
  expect(await asking).toMatchObject({ status: "degraded", reasons: [{ reason: "uncertified", tier: undefined }] });
});

test("one that hangs answers within the deadline", async () => {
  const { cache, tier } = fleet.process({ horizonMs: 1_000, deadlineMs: 200 });
  tier.hang();
  const asking = cache.health();
  await fleet.settled();
  fleet.clock.advance(200);
  expect(await asking).toMatchObject({ status: "degraded", tiers: [{ failure: "TIER_TIMEOUT" }] });
  tier.release();
});

test("one that has nothing left but its loaders is unhealthy", async () => {
  const clock = manualClock();
  const tier = chaos(memoryTier({ clock }));
  const cache = createCache({ tiers: [tier], clock });
  tier.fail();
  expect(await cache.health()).toMatchObject({ status: "unhealthy", reasons: [{ reason: "unreachable" }] });
});

test("a tier that is isolated by hand is not asked", async () => {
  const { cache, tier } = fleet.process();
  cache.isolate();
  tier.clearCalls();
  expect(await cache.health()).toMatchObject({
    status: "degraded",
    reasons: [{ reason: "isolated", tier: "memory" }],
  });
  expect(tier.count()).toBe(0);
});

test("a cache of a local tier alone is healthy, one that is turned off degraded, one that is closed unhealthy", async () => {
  const cache = createCache({ tiers: [lru()] });
  expect(await cache.health()).toEqual({ status: "healthy", reasons: [], tiers: [] });
  const { cache: off } = fleet.process({ enabled: false });
  expect(await off.health()).toMatchObject({ status: "degraded", reasons: [{ reason: "disabled" }] });
  await cache.close();
  expect(await cache.health()).toEqual({
    status: "unhealthy",
    reasons: [{ reason: "closed", tier: undefined }],
    tiers: [],
  });
});
