import { type Cache, createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { msgpack } from "@tiercache/msgpack";
import { redis } from "@tiercache/redis";
import { recordingObserver } from "@tiercache/testing";
import { type RedisServer, startRedis } from "@tooling/redis-server";
import { afterEach, beforeEach, expect, test } from "vitest";

const deadlineMs = 200;
/** Room for a shared, busy machine: what is asserted is that nothing waits for a connection, not how fast this one is. */
const slackMs = 300;
/** For what is no matter of time: a busy machine may be late. */
const patientMs = 15_000;

let server: RedisServer;
let cache: Cache;
let observer: ReturnType<typeof recordingObserver>;

beforeEach(async () => {
  server = await startRedis();
  observer = recordingObserver();
  cache = newCache();
});

afterEach(async () => {
  await cache.close();
  await server.stop();
});

function newCache(giveUpMs: number = deadlineMs): Cache {
  const tiers = [lru(), redis({ url: server.url, commandTimeoutMs: giveUpMs })] as const;
  return createCache({ tiers, serializer: msgpack(), observer, deadlineMs: giveUpMs, ttlMs: minutes(1) });
}

/** Reads a key that no tier has yet, and tells how long that took. */
async function timed(read: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await read();
  return performance.now() - startedAt;
}

/** Reads ever new keys until told to stop; every read must bring its own value. */
function steadyReads(): { stop(): Promise<readonly number[]> } {
  const users = cache.namespace("user", { key: (id: number) => [id], load: (id) => ({ id }) });
  const stopping = new AbortController();
  const reader = async (first: number): Promise<number[]> => {
    const tookMs: number[] = [];
    for (let id = first; !stopping.signal.aborted; id += 10) {
      tookMs.push(await timed(async () => expect(await users.get(id)).toEqual({ id })));
      await new Promise(setImmediate);
    }
    return tookMs;
  };
  const readers = Promise.all(Array.from({ length: 10 }, (_, first) => reader(first)));
  return {
    async stop() {
      stopping.abort();
      return (await readers).flat();
    },
  };
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 15_000;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error("It did not come true within 15 s.");
    await new Promise(setImmediate);
  }
}

test("Redis killed while requests run: none fails, none waits longer than the deadline", async () => {
  const reads = steadyReads();
  await eventually(async () => observer.count("loaded") > 200);
  await server.kill();
  await eventually(async () => observer.count("breaker-refused") > 100);
  const tookMs = await reads.stop();
  expect(Math.max(...tookMs)).toBeLessThan(deadlineMs + slackMs);
});

test("Redis hung while requests run: none fails, none waits longer than the deadline", async () => {
  const reads = steadyReads();
  await eventually(async () => observer.count("loaded") > 200);
  server.hang();
  await eventually(async () => observer.count("tier-failed") > 20);
  const tookMs = await reads.stop();
  server.resume();
  expect(Math.max(...tookMs)).toBeLessThan(deadlineMs + slackMs);
  expect(Math.max(...tookMs)).toBeGreaterThan(deadlineMs * 0.9);
});

test("a write is kept even when it is the first thing a process does", async () => {
  const [fresh, other] = [newCache(patientMs), newCache(patientMs)];
  expect(await fresh.namespace<string>("first").set("1", "v")).toEqual({ status: "done" });
  expect(await other.namespace<string>("first").get("1")).toBe("v");
  await Promise.all([fresh.close(), other.close()]);
});

test("Redis back after a kill is used again without anybody's help", async () => {
  await server.kill();
  await cache.namespace("before", { load: (id) => id }).getMany(["1", "2"]);
  await eventually(async () => observer.of("breaker-changed").length > 0);
  await server.restart();
  await eventually(async () => observer.of("breaker-changed").at(-1)?.state === "closed");
  const users = cache.namespace<string>("user");
  await eventually(async () => (await users.set("1", "v")).status === "done");
  const another = newCache(patientMs);
  expect(await another.namespace<string>("user").get("1")).toBe("v");
  await another.close();
});

test("Redis never there: the first read takes no longer than the deadline, and closing is quick", async () => {
  await server.kill();
  const lonely = newCache();
  const users = lonely.namespace("user", { load: (id) => id });
  expect(await timed(() => users.get("1"))).toBeLessThan(deadlineMs + slackMs);
  expect(await timed(() => users.get("2"))).toBeLessThan(deadlineMs + slackMs);
  expect(await timed(() => lonely.close())).toBeLessThan(2_000);
});

test("two processes share what one has loaded, exactly and with its remaining life", async () => {
  const vector = Float32Array.from({ length: 768 }, (_, index) => Math.sin(index));
  const value = { at: new Date(86_400_000), vector, none: null, list: [0, "", false] };
  const [one, another] = [newCache(patientMs), newCache(patientMs)];
  await one.namespace("mixed", { load: () => value }).get("1");
  const mixed = another.namespace<typeof value>("mixed");
  await eventually(async () => (await mixed.get("1")) !== undefined);
  expect(await mixed.get("1")).toEqual(value);
  await Promise.all([one.close(), another.close()]);
});
