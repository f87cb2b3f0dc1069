import { setImmediate as turn } from "node:timers/promises";
import { type Cache, hours } from "@tiercache/core";
import type { RedisServer } from "@tooling/redis-server";
import { Redis } from "ioredis";
import type { Instance } from "../src/service/instance.ts";

/** Two instances of the service over one Redis. */
export interface Pair {
  readonly own: Instance;
  readonly other: Instance;
  readonly redis: RedisServer;
  /** What both put in front of their keys. */
  readonly prefix: string;
}

/** Makes an instance do all that a cache rarely does. */
export async function causeRareThings(pair: Pair): Promise<void> {
  await serveStale(pair);
  await meetForeignBytes(pair);
  await waitForTheOther(pair);
}

/** Waits for what is about to happen. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await turn();
}

async function serveStale({ own }: Pair): Promise<void> {
  const rules = { ttlMs: 1, staleWhileRevalidateMs: hours(1) };
  const stale = own.cache.namespace("stale", { load: () => "v", ...rules });
  await stale.get("1");
  const staleFrom = performance.now() + 3;
  await eventually(() => performance.now() > staleFrom);
  await stale.get("1");
}

async function meetForeignBytes({ own, redis, prefix }: Pair): Promise<void> {
  const client = new Redis(redis.url);
  await client.set(`${prefix}/unkept:foreign`, "no frame");
  await client.quit();
  await own.cache.namespace("unkept", { load: () => "v", ttlMs: () => 0 }).get("foreign");
}

/** The other instance loads a key; one's own comes upon its lease. */
async function waitForTheOther({ own, other }: Pair): Promise<void> {
  const slow = Promise.withResolvers<string>();
  const readings: Promise<string>[] = [];
  for (const { cache } of [other, own]) {
    const leased = cache.namespace("leased", { load: () => slow.promise });
    const before = callsOf(cache);
    readings.push(leased.get("1"));
    // It has read, and taken the lease or said that it waits for it.
    await eventually(() => callsOf(cache) >= before + 2);
  }
  slow.resolve("v");
  await Promise.all(readings);
}

function callsOf(cache: Cache): number {
  return cache.stats().tiers["redis"]?.total.getMs.count ?? 0;
}
