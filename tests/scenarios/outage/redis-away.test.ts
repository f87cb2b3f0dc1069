import { type Cache, createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";
import { type RecordingObserver, recordingObserver } from "@tiercache/testing";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const PATIENT_MS = 15_000;

let server: RedisServer;
let observer: RecordingObserver;
const caches: Cache[] = [];

beforeEach(async () => {
  server = await startRedis();
  observer = recordingObserver();
});

afterEach(async () => {
  await Promise.all(caches.splice(0).map((cache) => cache.close()));
  await server.stop();
});

/** @param giveUpMs - Long where it is no matter of time: a busy machine may be late. */
function newCache(giveUpMs = 200): Cache {
  const tiers = [lru(), redis({ url: server.url, commandTimeoutMs: giveUpMs })] as const;
  const cache = createCache({ tiers, observer, deadlineMs: giveUpMs, ttlMs: minutes(1) });
  caches.push(cache);
  return cache;
}

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 15_000;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error("It did not come true within 15 s.");
    await new Promise(setImmediate);
  }
}

function lastState(): string | undefined {
  return observer.of("breaker-changed").at(-1)?.state;
}

/** Whether a read was answered without a turn of the event loop, so by nothing that is outside this process. */
async function isImmediate(read: Promise<unknown>): Promise<boolean> {
  const turn = new Promise<false>((resolve) => {
    setImmediate(() => resolve(false));
  });
  return Promise.race([read.then(() => true), turn]);
}

const away = {
  killed: { begin: () => server.kill(), end: () => server.restart() },
  hung: { begin: async () => server.hang(), end: async () => server.resume() },
};

describe.each(Object.entries(away))("Redis %s", (name, { begin, end }) => {
  test("from the start: from the third read on at the latest nobody waits for it", async () => {
    await begin();
    const users = newCache().namespace("user", { load: (id) => id });
    for (const id of ["1", "2", "3", "4"]) expect(await users.get(id)).toBe(id);
    await eventually(() => lastState() === "open");
    const failures = observer.count("tier-failed");
    for (let id = 10; id < 30; id++) expect(await isImmediate(users.get(`${id}`))).toBe(true);
    // What fails meanwhile are the cache's own probes.
    expect(observer.count("tier-failed") - failures).toBeLessThan(5);
    await end();
    await eventually(() => lastState() === "closed");
    await eventually(async () => (await users.set("1", "v")).status === "done");
  });

  test("and back: what was invalidated meanwhile is gone there before anybody reads it", async () => {
    let version = 1;
    const load = (): number => version;
    const users = newCache().namespace("user", { load });
    await users.getMany(["a", "b"]);
    const elsewhere = newCache().namespace("user", { load });
    await eventually(async () => (await elsewhere.read("a", { from: "cached" })).value === 1);
    await begin();
    await users.getMany(["x", "y"]);
    version = 2;
    expect(await users.invalidate("a")).toEqual({ status: "queued" });
    await eventually(() => lastState() === "open");
    expect(await users.get("a")).toBe(2);
    observer.clear();
    await end();
    while (lastState() !== "closed") {
      expect(await users.get("a")).toBe(2);
      await new Promise(setImmediate);
    }
    expect(await users.read("a", { skipReading: ["lru"] })).toMatchObject({ value: 2 });
    await eventually(async () => (await elsewhere.get("a")) === 2);
  });

  test("under load: no error, no wrong value, no call left open, and used again afterwards", async () => {
    const cache = newCache();
    const users = cache.namespace("user", { key: (id: number) => [id], load: async (id) => ({ id }) });
    const stopping = new AbortController();
    const reader = async (first: number): Promise<void> => {
      for (let id = first; !stopping.signal.aborted; id += 10) {
        expect(await users.get(id)).toEqual({ id });
        await new Promise(setImmediate);
      }
    };
    const readers = Promise.all(Array.from({ length: 10 }, (_, first) => reader(first)));
    await eventually(() => observer.count("loaded") > 50);
    await begin();
    await eventually(() => observer.count("breaker-refused") > 500);
    expect(lastState()).not.toBe("closed");
    await end();
    await eventually(() => lastState() === "closed");
    stopping.abort();
    await readers;
    await cache.drain();
    expect(observer.count("load-failed")).toBe(0);
    await eventually(async () => (await cache.namespace<string>("after").set("1", name)).status === "done");
    expect(await newCache(PATIENT_MS).namespace<string>("after").get("1")).toBe(name);
  });
});

test("the health of a cache tells of Redis as it is", async () => {
  const cache = newCache();
  let health = await cache.health();
  await eventually(async () => {
    health = await cache.health();
    return health.status === "healthy";
  });
  expect(health.tiers).toEqual([
    { tier: "redis", breaker: "closed", roundTripMs: expect.any(Number), failure: undefined, pendingRemovals: 0 },
  ]);
  server.hang();
  expect(await cache.health()).toMatchObject({
    status: "degraded",
    tiers: [{ tier: "redis", failure: "TIER_TIMEOUT" }],
  });
  server.resume();
});

test("a full Redis refuses what is written to it, and goes on being asked", async () => {
  await server.stop();
  server = await startRedis({ args: ["--maxmemory", "1", "--maxmemory-policy", "noeviction"] });
  const users = newCache(PATIENT_MS).namespace<string>("user");
  for (let write = 0; write < 10; write++) await users.set(`${write}`, "v");
  expect(observer.of("tier-failed").map(({ code }) => code)).toContain("OOM");
  expect(observer.of("breaker-changed")).toEqual([]);
});
