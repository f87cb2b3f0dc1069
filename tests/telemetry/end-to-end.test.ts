import { execFile } from "node:child_process";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { promisify } from "node:util";
import { type Cache, createCache, hours, type LoadingNamespace, minutes, type RemoteOperation } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";
import { type RecordingObserver, recordingObserver } from "@tiercache/testing";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ScrapeTarget } from "./scrape-target.ts";

const run = promisify(execFile);

let server: RedisServer;
let target: ScrapeTarget;
let heard: RecordingObserver;
let cache: Cache;
let users: LoadingNamespace<[id: string], string>;

beforeEach(async () => {
  server = await startRedis();
  target = await ScrapeTarget.start();
  heard = recordingObserver();
  cache = createCache({
    tiers: [lru({ maxEntries: 20 }), redis({ url: server.url, commandTimeoutMs: 15_000 })],
    observer: [target.observer, heard],
    ttlMs: hours(1),
    horizonMs: minutes(2),
    // What a busy machine does to a call is no failure here.
    deadlineMs: 15_000,
  });
  users = cache.namespace("user", { load: async (id) => `own ${id}` });
  // Until then nothing that is held locally may answer by itself.
  await eventually(() => cache.stats().certificateAgeMs !== undefined);
});

afterEach(async () => {
  await cache.close();
  await target[Symbol.asyncDispose]();
  await server.stop();
});

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await turn();
}

async function otherProcess(action: "set" | "invalidate", ...ids: readonly string[]): Promise<void> {
  const script = join(import.meta.dirname, "other-process.ts");
  await run(process.execPath, ["--conditions=@tiercache/source", "--no-warnings", script, server.url, action, ...ids]);
}

test("reads are scraped as what they were answered with, by tier and namespace", async () => {
  for (const id of ["1", "2", "3", "4", "5"]) await users.get(id);
  for (let hit = 0; hit < 7; hit++) await users.get("1");
  await Promise.all(Array.from({ length: 10 }, () => users.get("6")));
  await users.read("1", { from: "load" });
  await users.read("2", { skipReading: ["lru"] });
  const nobody = cache.namespace<undefined>("nobody", { load: () => undefined });
  for (let read = 0; read < 3; read++) await nobody.get("1");
  const broken = cache.namespace("broken", { load: () => Promise.reject(new Error("down")) });
  await Promise.allSettled([broken.get("1"), broken.get("2")]);
  const quick = cache.namespace("quick", { load: () => "v", ttlMs: 1, staleWhileRevalidateMs: hours(1) });
  await quick.get("1");
  const staleFrom = performance.now() + 3;
  await eventually(() => performance.now() > staleFrom);
  await quick.get("1");
  await cache.drain();

  const scraped = await target.scrape();
  expect(scraped.of("cache_reads_total")).toEqual({
    "user miss": 6,
    "user hit lru": 7,
    "user bypass": 1,
    "user hit redis": 1,
    "nobody miss": 1,
    "nobody negative lru": 2,
    "broken error": 2,
    "quick miss": 1,
    "quick stale": 1,
  });
  expect(scraped.of("cache_coalesced_reads_total")).toEqual({ user: 9 });
  expect(scraped.of("cache_stale_age_count")).toEqual({ "quick revalidating": 1 });
  const loads = { "user loaded": 7, "nobody loaded": 1, "broken failed": 2, "quick loaded": 2 };
  expect(scraped.of("cache_load_keys_total")).toEqual(loads);
  expect(scraped.of("cache_load_duration_count")).toEqual(loads);
  const { user } = cache.stats().namespaces;
  expect(scraped.of("cache_load_time_saved_total")).toMatchObject({ user: (user?.savedMs ?? 0) / 1_000 });
  expect(scraped.of("cache_entries")).toEqual({ "user lru": 6, "nobody lru": 1, "broken lru": 0, "quick lru": 1 });
});

test("what goes to Redis and what comes from other processes is scraped", async () => {
  for (const id of ["1", "2", "3"]) await users.get(id);
  await cache.drain();
  await otherProcess("set", "theirs");
  expect(await users.get("theirs")).toBe("theirs");
  await otherProcess("invalidate", "1", "2");
  // Setting a key is announced too.
  await eventually(() => heard.of("invalidated-elsewhere").reduce((sum, { keys }) => sum + keys, 0) === 3);
  await users.get("1");
  await users.set("5", "mine");
  await users.deleteMany(["5", "6"]);
  await users.invalidate("3");
  const client = new Redis(server.url);
  await client.set("user:foreign", "no frame");
  await client.quit();
  await users.get("foreign");
  await cache.drain();

  const scraped = await target.scrape();
  expect(scraped.of("cache_reads_total")).toEqual({ "user miss": 5, "user hit redis": 1 });
  expect(scraped.of("cache_back_fills_total")).toEqual({ "user lru": 1 });
  expect(scraped.of("cache_bus_invalidations_total")).toEqual({ user: 3 });
  expect(scraped.of("cache_writes_total")).toEqual({
    "user set done": 1,
    "user delete done": 2,
    "user invalidate done": 1,
  });
  expect(scraped.of("cache_rejected_frames_total")).toEqual({ "user not-a-frame redis": 1 });
  expect(scraped.of("cache_outbox_keys")).toEqual({ redis: 0 });
  // Reads of 1, 2, 3, theirs, 1 again and the foreign one; leases of what was absent, the namespace's generation among
  // it; the values are filled in. What is not ours is left.
  const echo = heard.of("tier-called").filter(({ operation }) => operation === "echo").length;
  const calls = { read: 6, acquire: 5, commit: 4, write: 1, remove: 2, echo };
  expect(scraped.of("cache_tier_operation_duration_count")).toEqual(
    Object.fromEntries(Object.entries(calls).map(([operation, times]) => [`${operation} ok redis`, times])),
  );
  expect(scraped.of("cache_bus_lag_count")[""]).toBe(heard.count("bus-echo"));
  expect(scraped.of("cache_bus_certificate_age")[""]).toBeGreaterThan(0);
});

test("a killed Redis is scraped as failed calls and removals that wait, and every read as what it was", async () => {
  await users.get("1");
  await cache.drain();
  await server.kill();
  await eventually(() => heard.count("bus-gap") > 0);
  for (const id of ["2", "3"]) expect(await users.get(id)).toBe(`own ${id}`);
  expect(await users.delete("1")).toEqual({ status: "queued" });
  expect(await users.set("4", "v")).toEqual({ status: "queued" });

  const scraped = await target.scrape();
  expect(scraped.of("cache_reads_total")).toEqual({ "user miss": 3 });
  expect(scraped.of("cache_writes_total")).toEqual({ "user delete queued": 1, "user set queued": 1 });
  expect(scraped.of("cache_outbox_keys")).toEqual({ redis: 2 });
  expect(scraped.of("cache_bus_gaps_total")[""]).toBe(heard.count("bus-gap"));
  const failed = heard.of("tier-called").filter(({ outcome }) => outcome !== "ok");
  expect(failed.length + heard.count("breaker-refused")).toBeGreaterThanOrEqual(4);
  const durations = Object.entries(scraped.of("cache_tier_operation_duration_count"));
  for (const operation of new Set<RemoteOperation>(failed.map((call) => call.operation))) {
    const counted = durations.filter(([place]) => place.startsWith(`${operation} failed redis `));
    const times = failed.filter((call) => call.operation === operation).length;
    expect(
      counted.reduce((sum, [, count]) => sum + count, 0),
      operation,
    ).toBe(times);
  }
  const refused = Object.values(scraped.of("cache_breaker_refused_calls_total"));
  expect(refused.reduce((sum, count) => sum + count, 0)).toBe(heard.count("breaker-refused"));
  const { getFailures, setFailures } = cache.stats();
  const failures = heard.of("tier-failed").filter(({ operation }) => operation !== "echo");
  expect(getFailures + setFailures).toBe(failures.length);
});

test("a breaker is scraped by its state, from the first failures until Redis has been told all that it missed", async () => {
  const inState = (state: string): Readonly<Record<string, number>> =>
    Object.fromEntries(
      ["closed", "open", "half-open", "isolated"].map((one) => [`${one} redis`, Number(one === state)]),
    );
  await users.get("1");
  expect((await target.scrape()).of("cache_breaker_state")).toEqual(inState("closed"));
  cache.isolate("redis");
  expect((await target.scrape()).of("cache_breaker_state")).toEqual(inState("isolated"));
  cache.release("redis");
  await eventually(() => cache.stats().tiers["redis"]?.breaker === "closed");
  await server.kill();
  for (let id = 0; cache.stats().tiers["redis"]?.breaker === "closed"; id++) await users.delete(`gone ${id}`);
  await server.restart();
  await eventually(() => cache.stats().tiers["redis"]?.breaker === "closed");
  const scraped = await target.scrape();
  expect(scraped.of("cache_breaker_state")).toEqual(inState("closed"));
  expect(scraped.of("cache_outbox_keys")).toEqual({ redis: 0 });
  const changes = heard.of("breaker-changed").map(({ state }) => `${state} redis`);
  const counted = Object.entries(scraped.of("cache_breaker_changes_total"));
  expect(Object.fromEntries(counted)).toEqual(
    Object.fromEntries([...new Set(changes)].map((state) => [state, changes.filter((each) => each === state).length])),
  );
});

test("tags that end, patterns, clearings and locks are scraped as their callers were told", async () => {
  for (const id of ["1", "2", "x1", "x2"]) await users.set(id, "v");
  await cache.invalidateTags(["a", "b"]);
  await cache.deleteByTags(["a"]);
  await users.invalidatePattern("x*");
  await users.clear();
  await cache.withLock("nightly", { leaseMs: 60_000 }, () => {});
  await cache.withLock("nightly", { leaseMs: 60_000 }, async () => {
    const late = cache.withLock("nightly", { leaseMs: 60_000, waitMs: 1 }, () => "never");
    await expect(late).rejects.toMatchObject({ code: "LOCK_NOT_ACQUIRED" });
  });
  await server.kill();
  await eventually(() => heard.count("bus-gap") > 0);
  expect(await users.clear()).toEqual({ status: "queued" });
  expect(await cache.invalidateTags(["a"])).toEqual({ status: "queued" });

  const scraped = await target.scrape();
  expect(scraped.of("cache_tag_invalidations_total")).toEqual({
    "invalidate done": 2,
    "delete done": 1,
    "invalidate queued": 1,
  });
  expect(scraped.of("cache_clears_total")).toEqual({ "user done": 1, "user queued": 1 });
  expect(scraped.of("cache_writes_total")).toEqual({ "user set done": 4, "user invalidate-pattern done": 2 });
  expect(scraped.of("cache_lock_wait_duration_count")).toEqual({ granted: 2, "not-granted": 1 });
  expect(scraped.of("cache_lock_held_duration_count")).toEqual({ released: 2 });
});

test("what the local tier drops is scraped by its cause", async () => {
  const small = cache.namespace<string>("small", { local: { maxShare: 0.25 } });
  for (let id = 0; id < 8; id++) await small.set(String(id), "v");
  for (let id = 0; id < 18; id++) await users.set(String(id), "v");
  const evictions = (await target.scrape()).of("cache_evictions_total");
  expect(evictions).toMatchObject({ "small share lru": 3, "user share lru": 0, "small expired lru": 0 });
  expect((evictions["small budget lru"] ?? 0) + (evictions["user budget lru"] ?? 0)).toBe(5 + 18 - 20);
});

test("100,000 distinct keys add no series and no memory", async () => {
  const script = join(import.meta.dirname, "many-keys.ts");
  const flags = ["--conditions=@tiercache/source", "--no-warnings", "--expose-gc"];
  const { stdout } = await run(process.execPath, [...flags, script]);
  const { newSeries, grownBytes } = JSON.parse(stdout) as { readonly newSeries: number; readonly grownBytes: number };
  expect(newSeries).toBe(0);
  // Ten bytes a key would be a million.
  expect(grownBytes).toBeLessThan(1_000_000);
});
