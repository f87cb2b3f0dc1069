import { metrics as api } from "@opentelemetry/api";
import { type Cache, type CacheEvent, createCache, minutes, type Observer } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { chaos, manualClock, memoryTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { counters, histograms, observables } from "../src/instruments.ts";
import { type MetricsOptions, metricsObserver } from "../src/metrics-observer.ts";
import { MetricCollection } from "./collected.ts";

let metrics: MetricCollection;
let observer: Observer;

beforeEach(() => {
  metrics = new MetricCollection();
  observer = metricsObserver({ meter: metrics.meter });
});

const namespace = "user";
const tier = "redis";

describe("an event is counted where it belongs:", () => {
  test.each<[CacheEvent, string, string, unknown]>([
    [{ type: "hit", namespace, tier }, "cache.reads", "user hit redis", 1],
    [{ type: "hit", namespace, tier, negative: true }, "cache.reads", "user negative redis", 1],
    [{ type: "miss", namespace }, "cache.reads", "user miss", 1],
    [{ type: "bypass", namespace }, "cache.reads", "user bypass", 1],
    [{ type: "read-failed", namespace }, "cache.reads", "user error", 1],
    [{ type: "stale", namespace, ageMs: 1_500, why: "held" }, "cache.reads", "user stale", 1],
    [{ type: "stale", namespace, ageMs: 1_500, why: "held" }, "cache.stale.age", "user held", { count: 1, sum: 1.5 }],
    [{ type: "joined", namespace, flight: 1 }, "cache.coalesced_reads", "user", 1],
    [{ type: "loaded", namespace, keys: 3, durationMs: 250 }, "cache.load.keys", "user loaded", 3],
    [
      { type: "loaded", namespace, keys: 3, durationMs: 250 },
      "cache.load.duration",
      "user loaded",
      { count: 1, sum: 0.25 },
    ],
    [{ type: "load-failed", namespace, keys: 2, durationMs: 50 }, "cache.load.keys", "user failed", 2],
    [{ type: "load-timed-out", namespace, keys: 2 }, "cache.load.timeouts", "user", 1],
    [{ type: "renewed", namespace }, "cache.renewals", "user sliding", 1],
    [{ type: "unchanged", namespace }, "cache.renewals", "user unchanged", 1],
    [{ type: "not-kept", namespace, why: "ttl" }, "cache.unkept_values", "user not-kept", 1],
    [{ type: "not-kept", namespace, why: "late-tags" }, "cache.unkept_values", "user late-tags", 1],
    [{ type: "collapsed", namespace, tier }, "cache.outbox.collapses", "user redis", 1],
    [{ type: "superseded", namespace }, "cache.unkept_values", "user superseded", 1],
    [{ type: "encode-failed", namespace }, "cache.unkept_values", "user encode-failed", 1],
    [
      { type: "frame-rejected", namespace, tier, reason: "bad-checksum" },
      "cache.rejected_frames",
      "user bad-checksum redis",
      1,
    ],
    [{ type: "refused", namespace, tier }, "cache.refused_commits", "user redis", 1],
    [{ type: "back-filled", namespace, tier }, "cache.back_fills", "user redis", 1],
    [
      { type: "tags-ended", operation: "invalidate", tags: 2, status: "queued" },
      "cache.tag_invalidations",
      "invalidate queued",
      2,
    ],
    [{ type: "cleared", namespace, status: "done" }, "cache.clears", "user done", 1],
    [
      { type: "lock-waited", outcome: "not-granted", durationMs: 2_000 },
      "cache.lock.wait.duration",
      "not-granted",
      { count: 1, sum: 2 },
    ],
    [{ type: "lock-held", lost: true, durationMs: 500 }, "cache.lock.held.duration", "lost", { count: 1, sum: 0.5 }],
    [
      { type: "lock-held", lost: false, durationMs: 500 },
      "cache.lock.held.duration",
      "released",
      { count: 1, sum: 0.5 },
    ],
    [
      { type: "lease-waited", namespace, tier, durationMs: 100, answered: true },
      "cache.lease.wait.duration",
      "user answered redis",
      { count: 1, sum: 0.1 },
    ],
    [
      { type: "lease-waited", namespace, tier, durationMs: 100, answered: false },
      "cache.lease.wait.duration",
      "user given_up redis",
      { count: 1, sum: 0.1 },
    ],
    [
      { type: "written", namespace, operation: "invalidate", keys: 4, status: "queued" },
      "cache.writes",
      "user invalidate queued",
      4,
    ],
    [
      { type: "pattern-invalidated", namespace, keys: 3, status: "done" },
      "cache.writes",
      "user invalidate-pattern done",
      3,
    ],
    [{ type: "invalidated-elsewhere", namespace, keys: 5 }, "cache.bus.invalidations", "user", 5],
    [{ type: "bus-echo", durationMs: 2 }, "cache.bus.lag", "", { count: 1, sum: 0.002 }],
    [{ type: "bus-gap" }, "cache.bus.gaps", "", 1],
    [{ type: "held-off", namespace }, "cache.unkept_values", "user held-off", 1],
    [{ type: "breaker-changed", tier, state: "open", was: "closed" }, "cache.breaker.changes", "open redis", 1],
    [{ type: "breaker-refused", tier, operation: "read" }, "cache.breaker.refused_calls", "read redis", 1],
    [{ type: "bus-message-rejected" }, "cache.bus.rejected_messages", "", 1],
    [
      { type: "tier-called", tier, operation: "read", outcome: "ok", durationMs: 1 },
      "cache.tier.operation.duration",
      "read ok redis",
      { count: 1, sum: 0.001 },
    ],
    [
      { type: "tier-called", tier, operation: "write", outcome: "TIER_TIMEOUT", durationMs: 200 },
      "cache.tier.operation.duration",
      "write failed redis TIER_TIMEOUT",
      { count: 1, sum: 0.2 },
    ],
  ])("%o", async (event, ...[name, place, value]) => {
    observer.on(event);
    expect(await metrics.of(name)).toEqual({ [place]: value });
  });
});

describe("what a cache can be asked is there when metrics are collected:", () => {
  const clock = manualClock();
  let cache: Cache;

  test("sizes, evictions, what waits to be told, and how long loads would have taken", async () => {
    const remote = chaos(memoryTier({ clock, name: tier }));
    const local = lru({ maxBytes: 100, sizeOf: () => 40 });
    cache = createCache({ tiers: [local, remote], clock, observer, ttlMs: minutes(1) });
    const users = cache.namespace("user", { load: (id) => id });
    for (const id of ["1", "2", "3"]) await users.get(id);
    remote.fail();
    await users.delete("3");
    expect(await metrics.of("cache.entries")).toEqual({ "user lru": 1 });
    expect(await metrics.of("cache.size")).toEqual({ "user lru": 40 });
    const evictions = { "user budget lru": 1, "user share lru": 0, "user expired lru": 0, "user refused lru": 0 };
    expect(await metrics.of("cache.evictions")).toEqual(evictions);
    expect(await metrics.of("cache.outbox.keys")).toEqual({ redis: 1 });
    expect(await metrics.of("cache.load.time_saved")).toEqual({ user: 0 });
  });

  test("whether a target is met, where there is one", async () => {
    cache = createCache({ tiers: [lru()], clock, observer });
    const users = cache.namespace("user", { load: (id) => id, target: { hitRate: 0.9 } });
    cache.namespace("order", { load: (id) => id });
    expect(await metrics.of("cache.target.met")).toEqual({ user: 1 });
    clock.advance(minutes(5));
    for (let id = 0; id < 100; id++) await users.get(String(id));
    clock.advance(15_000);
    expect(await metrics.of("cache.target.met")).toEqual({ user: 0 });
    await cache.close();
  });
});

test("of several caches with one observer, sums are summed up", async () => {
  for (const ids of [["1"], ["1", "2"]]) {
    const users = createCache({ tiers: [lru()], observer }).namespace("user", { load: (id) => id });
    for (const id of ids) await users.get(id);
    await users.get("1");
  }
  expect(await metrics.of("cache.reads")).toEqual({ "user miss": 3, "user hit lru": 2 });
  expect(await metrics.of("cache.entries")).toEqual({ "user lru": 3 });
});

test("a cache that was closed is asked no longer, and what it has added to sums stays", async () => {
  const [cache, other] = [1, 2].map((maxEntries) => createCache({ tiers: [lru({ maxEntries })], observer }));
  for (const each of [cache, other]) {
    const users = each?.namespace("user", { load: (id) => id });
    for (const id of ["1", "2", "3"]) await users?.get(id);
  }
  expect(await metrics.of("cache.entries")).toEqual({ "user lru": 3 });
  expect(await metrics.of("cache.evictions")).toMatchObject({ "user budget lru": 3 });
  await cache?.close();
  expect(await metrics.of("cache.entries")).toEqual({ "user lru": 2 });
  expect(await metrics.of("cache.evictions")).toMatchObject({ "user budget lru": 3 });
});

test("attributes of one's own are on every number", async () => {
  const named = metricsObserver({ meter: metrics.meter, attributes: { "cache.name": "main" } });
  const cache = createCache({ tiers: [lru()], observer: named });
  const users = cache.namespace("user", { load: (id) => id });
  await users.get("1");
  await users.get("1");
  const all = (await metrics.all()).filter(({ attributes }) => attributes["cache.namespace"] === "user");
  expect(all.length).toBeGreaterThan(5);
  expect(all.every(({ attributes }) => attributes["cache.name"] === "main")).toBe(true);
});

test("100,000 distinct keys add no series", async () => {
  const users = createCache({ tiers: [lru()], observer }).namespace("user", { load: (id) => id });
  const readAll = async (): Promise<void> => {
    for (let id = 0; id < 100_000; id += 1_000) {
      await users.getMany(Array.from({ length: 1_000 }, (_, index) => String(id + index)));
    }
  };
  await users.get("0");
  await users.get("0");
  await users.set("0", "v");
  const before = (await metrics.all()).length;
  await readAll();
  expect((await metrics.all()).length).toBe(before);
  expect((await metrics.of("cache.reads"))["user miss"]).toBeGreaterThanOrEqual(100_000);
});

test("errors of ever new codes are no new series beyond the first thirty", async () => {
  for (let code = 0; code < 1_000; code++) {
    observer.on({ type: "tier-called", tier, operation: "read", outcome: `E${code}`, durationMs: 1 });
  }
  const durations = await metrics.of("cache.tier.operation.duration");
  expect(Object.keys(durations)).toHaveLength(31);
  expect(durations["read failed redis _OTHER"]).toMatchObject({ count: 970 });
});

test("every instrument is made, once", async () => {
  const names = [...Object.keys(counters), ...Object.keys(histograms), ...Object.keys(observables)];
  expect(new Set(names).size).toBe(names.length);
});

test("without an SDK it costs next to nothing and harms nobody", async () => {
  const cache = createCache({ tiers: [lru()], observer: metricsObserver({ meter: api.getMeter("none") }) });
  expect(await cache.namespace("user", { load: (id) => id }).get("1")).toBe("1");
  await cache.close();
});

test.each<[object, string]>([
  [{ meter: {} }, "metricsObserver.meter is an object; allowed is a meter"],
  [{ attributes: "x" }, 'metricsObserver.attributes is "x"; allowed is an object'],
  [{ metre: 1 }, "metricsObserver.metre is not an option"],
])("the option %o is refused by name", (options, message) => {
  expect(() => metricsObserver(options as MetricsOptions)).toThrow(message);
});
