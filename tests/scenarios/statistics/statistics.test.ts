import { type Cache, createCache, minutes, seconds } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { type ChaosTier, chaos, type ManualClock, manualClock, memoryTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";

let clock: ManualClock;
let remote: ChaosTier;
let cache: Cache;

beforeEach(() => {
  clock = manualClock(1_000_003);
  remote = chaos(memoryTier({ clock }));
  cache = createCache({ tiers: [lru({ maxEntries: 100 }), remote], clock, ttlMs: minutes(10), retryLoadAfterMs: 1 });
});

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

test("reads are counted by what they were answered with, and by tier", async () => {
  const users = cache.namespace("user", {
    load: async (id) => (id === "bad" ? Promise.reject(new Error("down")) : id),
  });
  await Promise.all([users.get("1"), users.get("1")]);
  await users.get("1");
  await users.getMany(["1", "2"]);
  users.peek("1");
  await users.get("bad").catch(() => {});
  await users.read("1", { from: "load" });
  await users.read("1", { skipReading: ["lru"] });
  expect(users.stats().total).toMatchObject({
    hits: 4,
    hitsByTier: { lru: 3, memory: 1 },
    stale: 0,
    misses: 2,
    bypasses: 1,
    errors: 1,
    joined: 1,
    hitRate: 0.5,
    loads: 3,
    loadFailures: 1,
  });
});

test("a namespace that was never read has no hit rate, and one that was has that of its windows", async () => {
  const users = cache.namespace("user", { load: (id) => id });
  expect(users.stats().total.hitRate).toBeUndefined();
  await users.get("1");
  clock.advance(minutes(2));
  for (let hit = 0; hit < 3; hit++) await users.get("1");
  // A hit does not look at the time: these three came at some time in these two minutes.
  clock.advance(seconds(1));
  const { total, last1Min, last5Min, last15Min } = users.stats();
  expect([total.hitRate, last5Min.hitRate, last15Min.hitRate]).toEqual([0.75, 0.75, 0.75]);
  expect([last1Min.misses, last1Min.hitRate]).toEqual([0, 1]);
  clock.advance(minutes(16));
  expect(users.stats().last15Min).toMatchObject({ hits: 0, misses: 0, hitRate: undefined });
  expect(users.stats().total).toMatchObject({ hits: 3, misses: 1 });
});

test("hits that come at a steady rate are in each window in proportion, though nobody looked meanwhile", async () => {
  const users = cache.namespace("user", { load: (id) => id, ttlMs: minutes(100) });
  await users.get("1");
  for (let minute = 0; minute < 15; minute++) {
    for (let hit = 0; hit < 60; hit++) await users.get("1");
    clock.advance(minutes(1));
  }
  const { last1Min, last5Min, total } = users.stats();
  expect(total.hits).toBe(900);
  expect(last1Min.hits).toBeGreaterThanOrEqual(45);
  expect(last1Min.hits).toBeLessThanOrEqual(62);
  expect(last5Min.hits).toBeGreaterThanOrEqual(285);
  expect(last5Min.hits).toBeLessThanOrEqual(302);
});

test("the time that loads take is known, and what hits have saved of it", async () => {
  const slow = Promise.withResolvers<string>();
  const users = cache.namespace("user", { load: () => slow.promise });
  const read = users.get("1");
  await settled();
  clock.advance(40);
  slow.resolve("v");
  await read;
  for (let hit = 0; hit < 5; hit++) await users.get("1");
  const { total, savedMs } = users.stats();
  expect(savedMs).toBe(200);
  expect(total.loadMs).toMatchObject({ count: 1 });
  expect(total.loadMs.p50Ms).toBeGreaterThanOrEqual(40);
  expect(total.loadMs.p50Ms).toBeLessThan(48);
});

test("what another tier had saves the load that made it, wherever that was", async () => {
  const other = createCache({ tiers: [remote], clock, ttlMs: minutes(10) });
  const slow = Promise.withResolvers<string>();
  const read = other.namespace("user", { load: () => slow.promise }).get("1");
  await settled();
  clock.advance(30);
  slow.resolve("v");
  await read;
  await settled();
  const users = cache.namespace("user", { load: () => "never" });
  await users.get("1");
  expect(users.stats().savedMs).toBe(30);
});

describe("with the remote tier down", () => {
  test("statistics are there, and count what failed", async () => {
    const users = cache.namespace("user", { load: (id) => id });
    remote.fail();
    await users.get("1");
    await users.set("2", "v");
    await users.delete("3");
    const { getFailures, setFailures, tiers, namespaces } = cache.stats();
    expect(getFailures).toBeGreaterThan(0);
    expect(setFailures).toBeGreaterThan(0);
    expect(tiers["memory"]?.total).toMatchObject({ getFailures, setFailures, calls: 0 });
    expect(tiers["memory"]?.outboxKeys).toBe(2);
    expect(namespaces["user"]?.total).toMatchObject({ misses: 1, loads: 1 });
    cache.resetStats();
    expect(cache.stats()).toMatchObject({ getFailures: 0, setFailures: 0 });
    expect(cache.stats().tiers["memory"]?.outboxKeys).toBe(2);
  });

  test("calls that are not made are counted as that, and are no failures", async () => {
    const users = cache.namespace("user", { load: (id) => id });
    cache.isolate();
    expect(cache.stats().tiers["memory"]?.breaker).toBe("isolated");
    await users.get("1");
    const { total } = cache.stats().tiers["memory"] ?? {};
    expect(total).toMatchObject({ calls: 0, getFailures: 0, setFailures: 0 });
    expect(total?.refusedCalls).toBeGreaterThan(0);
  });

  test("a call that misses its deadline is a failure that took that long", async () => {
    const users = cache.namespace("user", { load: (id) => id });
    remote.hang();
    const read = users.get("1");
    await settled();
    clock.advance(200);
    await read;
    const { total } = cache.stats().tiers["memory"] ?? {};
    expect(total).toMatchObject({ getFailures: 1 });
    expect(total?.getMs.p99Ms).toBeGreaterThanOrEqual(200);
  });
});

test("a tier's statistics are those of all namespaces together", async () => {
  const [users, orders] = [
    cache.namespace("user", { load: (id) => id }),
    cache.namespace("order", { load: (id) => id }),
  ];
  // With its first value a namespace is given its generation.
  for (const namespace of [users, orders]) await namespace.get("before");
  await settled();
  cache.resetStats();
  for (const namespace of [users, orders]) {
    await namespace.get("1");
    await namespace.get("1");
  }
  await settled();
  const { tiers } = cache.stats();
  expect(Object.keys(tiers)).toEqual(["lru", "memory"]);
  expect(tiers["lru"]).toMatchObject({ kind: "local", total: { hits: 2, calls: 0 }, outboxKeys: 0 });
  expect(tiers["memory"]).toMatchObject({ kind: "remote", total: { hits: 0, calls: 4, getFailures: 0 } });
  expect(tiers["memory"]?.total.getMs.count).toBe(2);
  expect(tiers["memory"]?.total.setMs.count).toBe(2);
});

test("a namespace's size and what it lost are known, since the last reset", async () => {
  const users = cache.namespace<string>("user", { local: { maxShare: 0.1 } });
  for (let id = 0; id < 15; id++) await users.set(String(id), "v");
  expect(users.stats()).toMatchObject({ entries: 10, bytes: undefined, evictions: { share: 5, budget: 0 } });
  cache.resetStats();
  expect(users.stats()).toMatchObject({ entries: 10, evictions: { share: 0 } });
});

test("a reset begins everything anew but what is held", async () => {
  const users = cache.namespace("user", { load: (id) => id });
  await users.get("1");
  await users.get("1");
  clock.advance(seconds(30));
  cache.resetStats();
  expect(cache.stats().forMs).toBe(0);
  expect(users.stats().total).toMatchObject({ hits: 0, misses: 0, loads: 0, hitRate: undefined });
  expect(users.stats().total.loadMs.count).toBe(0);
  await users.get("1");
  expect(users.stats().total.hits).toBe(1);
});

test("what is not to be counted is not, and everything else goes on", async () => {
  const quiet = createCache({ tiers: [lru(), remote], clock, statistics: false });
  const users = quiet.namespace("user", { load: (id) => id, target: { hitRate: 0.9 } });
  await users.get("1");
  await users.get("1");
  expect(users.stats()).toMatchObject({ total: { hits: 0, misses: 0, hitRate: undefined }, entries: 1 });
});

test("100,000 keys take no more memory in the statistics than one", async () => {
  const users = cache.namespace("user", { load: (id) => id });
  const shapeOf = (): string => JSON.stringify(cache.stats()).replaceAll(/[\d.]+/g, "0");
  await users.get("0");
  await users.get("0");
  const shape = shapeOf();
  for (let id = 0; id < 100_000; id += 1_000) {
    await users.getMany(Array.from({ length: 1_000 }, (_, index) => String(id + index)));
  }
  expect(shapeOf()).toBe(shape);
});

test("a namespace whose values are cloned counts each read once", async () => {
  const users = cache.namespace("user", { load: (id) => ({ id }), isolate: "clone" });
  await users.get("1");
  await users.get("1");
  expect(users.stats().total).toMatchObject({ hits: 1, misses: 1 });
});
