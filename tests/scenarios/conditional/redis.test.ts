import { type Cache, createCache, json, minutes, type RemoteTier, type Serializer } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { msgpack } from "@tiercache/msgpack";
import { redis } from "@tiercache/redis";
import { type ChaosTier, chaos, type ManualClock, manualClock } from "@tiercache/testing";
import { type SharedRedis, testRedis } from "@tooling/redis-server";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { valuesIn } from "../values-in.ts";
import { Origin } from "./origin.ts";

const prefix = `conditional-${process.pid}`;
const encodings = [
  ["json", json],
  ["msgpack", msgpack()],
] as const;
const rules = { ttlMs: minutes(1), staleIfErrorMs: minutes(10) };

let server: SharedRedis;
let client: Redis;
let clock: ManualClock;
let origin: Origin;
let caches: Cache[];

beforeAll(async () => {
  server = await testRedis();
  client = new Redis(server.url);
});

afterAll(async () => {
  const left = encodings.flatMap(([encoding]) => [`page-${encoding}:a`, `ever-${encoding}:a`, `race-${encoding}:b`]);
  await client.unlink(left.map((key) => `${prefix}/${key}`));
  await client.quit();
  await server.stop();
});

beforeEach(() => {
  clock = manualClock();
  origin = new Origin();
  caches = [];
});

afterEach(async () => {
  await Promise.all(caches.map((cache) => cache.close()));
});

/** A tier whose time is the test's, so that what a real server holds grows old without anybody waiting for it. */
function byClock(tier: RemoteTier): RemoteTier {
  return {
    name: tier.name,
    now: () => 1_700_000_000_000 + clock.now(),
    readMany: (keys, call) => tier.readMany(keys, call),
    write: (key, frame, call) => tier.write(key, frame, call),
    renew: (key, renewal) => tier.renew?.(key, renewal) ?? Promise.resolve(false),
    remove: (keys, call) => tier.remove(keys, call),
    close: () => tier.close(),
  };
}

/** One more process: its cache, and its end of the shared server. */
function newProcess(serializer: Serializer): { readonly cache: Cache; readonly tier: ChaosTier } {
  const tier = chaos(byClock(redis({ url: server.url, commandTimeoutMs: 15_000 })));
  const cache = createCache({ tiers: [lru(), tier], clock, serializer, prefix });
  caches.push(cache);
  return { cache, tier };
}

describe.each(encodings)("over Redis and by %s, a value that is found unchanged", (encoding, serializer) => {
  test("is prolonged on the server without being sent again", async () => {
    const name = `page-${encoding}`;
    const here = newProcess(serializer);
    await here.cache.namespace(name, { load: origin.load, ...rules }).get("a");
    await here.cache.drain();
    clock.advance(minutes(9));
    await client.pexpire(`${prefix}/${name}:a`, minutes(2));
    const there = newProcess(serializer);
    expect(await there.cache.namespace(name, { load: origin.load, ...rules }).get("a")).toBe("a v1");
    await there.cache.drain();
    expect([valuesIn(there.tier).writes, valuesIn(there.tier).renewals]).toEqual([[], [`${prefix}/${name}:a`]]);
    expect(origin.asked[1]).toEqual({ value: "a v1", etag: '"1"', ageMs: minutes(9) });
    clock.advance(minutes(1) - 1);
    const third = await newProcess(serializer).cache.namespace<string>(name).read("a");
    expect(third).toEqual({ value: "a v1", source: "redis", ageMs: minutes(1) - 1, stale: undefined });
    expect(await client.pttl(`${prefix}/${name}:a`)).toBeGreaterThan(minutes(10));
  });

  test("for ever has no end on the server", async () => {
    const here = newProcess(serializer);
    const pages = here.cache.namespace(`ever-${encoding}`, {
      ...rules,
      load: (id, { stale, keepFor, unchanged }): string => {
        if (stale === undefined) return id;
        keepFor(Number.POSITIVE_INFINITY);
        return unchanged();
      },
    });
    await pages.get("a");
    clock.advance(minutes(2));
    await pages.get("a");
    await here.cache.drain();
    expect(await client.pttl(`${prefix}/ever-${encoding}:a`)).toBe(-1);
  });

  test("is not brought back where another process removed or replaced it meanwhile", async () => {
    const here = newProcess(serializer);
    const other = newProcess(serializer).cache.namespace<string>(`race-${encoding}`);
    const pages = here.cache.namespace(`race-${encoding}`, { loadMany: origin.loadMany, ...rules });
    await pages.getMany(["a", "b"]);
    await here.cache.drain();
    clock.advance(minutes(2));
    here.tier.hold("renew", "request");
    expect(await pages.getMany(["a", "b"])).toEqual(["a v1", "b v1"]);
    await here.tier.whenHeld(2);
    await other.delete("a");
    await other.set("b", "newer");
    here.tier.release();
    await here.cache.drain();
    const third = newProcess(serializer).cache.namespace<string>(`race-${encoding}`);
    expect(await third.getMany(["a", "b"])).toEqual([undefined, "newer"]);
  });
});
