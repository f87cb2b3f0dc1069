/* A process with a cache that does what it is asked over its channel; run by cache-process.ts. */
import { setTimeout as takes } from "node:timers/promises";
import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { type RedisOptions, redis } from "@tiercache/redis";
import { Redis } from "ioredis";
import type { Answer, Asked, ProcessOptions } from "./cache-process-messages.ts";

const { database, ttlMs = 600_000, deadlineMs, ...places } = JSON.parse(process.argv[2] ?? "{}") as ProcessOptions;
const versions = new Redis(database);
const cache = createCache({
  tiers: [lru(), redis(places as unknown as RedisOptions)],
  ttlMs,
  ...(deadlineMs === undefined ? {} : { deadlineMs }),
});
let loadMs = 0;
const users = cache.namespace("user", {
  key: (id: string) => [id],
  load: async (id) => {
    const version = Number((await versions.get(`database:${id}`)) ?? 0);
    await takes(loadMs);
    return version;
  },
});

async function answered({ number, what, id, loadMs: takesMs = 0 }: Asked): Promise<Answer> {
  loadMs = takesMs;
  if (what === "invalidate") return { number, ...(await users.invalidate(id)) };
  const { value, stale } = await users.read(id);
  return stale === undefined ? { number, value } : { number, value, stale };
}

process.on("message", (asked: Asked) => {
  void answered(asked).then((answer) => process.send?.(answer));
});
process.send?.("ready");
