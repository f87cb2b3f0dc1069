import { createCache, type Health, livenessOf, readinessOf } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { chaos, manualClock, memoryTier } from "@tiercache/testing";
import { beforeEach, expect, test } from "vitest";
import { FencedFleet } from "../fence/fenced-fleet.ts";
import { cutOff } from "./cut-off.ts";

let fleet: FencedFleet;

beforeEach(() => {
  fleet = new FencedFleet();
});

test("a process whose cache is healthy lives and is ready", async () => {
  const health = await createCache({ tiers: [lru()] }).health();
  const good = {
    statusCode: 200,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: '{"status":"healthy","reasons":[],"tiers":[]}',
  };
  expect([livenessOf(health), readinessOf(health)]).toEqual([good, good]);
});

test("one whose tier is away lives, and is ready unless it is to have all of its tiers; the answer says why, and no more", async () => {
  const { cache, tier } = await cutOff(fleet);
  tier.fail(new Error("connect ECONNREFUSED redis://user:secret@10.0.0.1"));
  const health = await cache.health();
  expect(health.status).toBe("degraded");
  expect(livenessOf(health).statusCode).toBe(200);
  expect(readinessOf(health).statusCode).toBe(200);
  const unready = readinessOf(health, { whileDegraded: false });
  expect(unready.statusCode).toBe(503);
  expect(JSON.parse(unready.body)).toEqual({
    status: "degraded",
    reasons: [
      { reason: "unreachable", tier: "memory" },
      { reason: "breaker-open", tier: "memory" },
    ],
    tiers: [{ tier: "memory", breaker: "open", failure: "Error", pendingRemovals: 0 }],
  });
});

test("one that has nothing left but its loaders lives, and is not ready", async () => {
  const clock = manualClock();
  const tier = chaos(memoryTier({ clock }));
  const cache = createCache({ tiers: [tier], clock });
  tier.fail();
  const health = await cache.health();
  expect([livenessOf(health).statusCode, readinessOf(health).statusCode]).toEqual([200, 503]);
});

test("a health that was not waited for, or an option that there is not, is refused by name", () => {
  const asked = createCache({ tiers: [lru()] }).health() as unknown as Health;
  expect(() => livenessOf(asked)).toThrow(
    "The first argument of livenessOf is an object; allowed is what health() resolves to, awaited.",
  );
  expect(() => readinessOf(asked)).toThrow("what health() resolves to");
  const health: Health = { status: "healthy", reasons: [], tiers: [] };
  expect(() => readinessOf(health, { whileDegraded: 1 as unknown as boolean })).toThrow(
    "readinessOf.whileDegraded is 1",
  );
});

test("one whose cache is closed neither lives nor is ready", async () => {
  const cache = createCache({ tiers: [lru()] });
  await cache.close();
  const health = await cache.health();
  expect([livenessOf(health).statusCode, readinessOf(health).statusCode]).toEqual([503, 503]);
});
