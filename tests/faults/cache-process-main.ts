/* A process with a cache that does what it is asked over its channel; run by cache-process.ts. */
import { flushCompileCache } from "node:module";
import { setTimeout as takes } from "node:timers/promises";
import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { type RedisOptions, redis } from "@tiercache/redis";
import { Redis } from "ioredis";
import type { Answer, Asked, ProcessOptions } from "./cache-process-messages.ts";
import { LoopDelays } from "./loop-delays.ts";

const { database, ttlMs = 600_000, deadlineMs, ...places } = JSON.parse(process.argv[2] ?? "{}") as ProcessOptions;
const versions = new Redis(database);
const cache = createCache({
  tiers: [lru(), redis(places as unknown as RedisOptions)],
  ttlMs,
  ...(deadlineMs === undefined ? {} : { deadlineMs }),
});
const delays = new LoopDelays();
let loadMs = 0;
const users = cache.namespace("user", {
  key: (id: string) => [id],
  load: async (id) => {
    const [version] = await Promise.all([versions.get(`database:${id}`), versions.incr(`loads:${id}`)]);
    await takes(loadMs);
    return Number(version ?? 0);
  },
});

/** One after the other, so that whoever kills this process does it among them. */
async function invalidateAll(ids: readonly string[]): Promise<void> {
  for (const id of ids) await users.invalidate(id);
}

async function answered({ number, what, id, ids = [], loadMs: takesMs = 0 }: Asked): Promise<Answer> {
  loadMs = takesMs;
  if (what === "invalidateAll") return invalidateAll(ids).then(() => ({ number }));
  if (what === "watch") delays.begin();
  if (what === "watch" || what === "delays") return { number, delays: delays.p99 };
  if (what === "invalidate") return { number, ...(await users.invalidate(id)) };
  const { value, stale } = await users.read(id);
  return stale === undefined ? { number, value } : { number, value, stale };
}

process.on("message", (asked: Asked) => {
  void answered(asked).then((answer) => process.send?.(answer));
});
// It is killed, and would leave nothing of what it has compiled to the next ones.
flushCompileCache();
process.send?.("ready");
