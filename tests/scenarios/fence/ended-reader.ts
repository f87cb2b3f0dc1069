/*
 * One of several processes that know the same keys, run by processes.test.ts: says so, waits for a word on its input, by which time the
 * keys have ended, and reads them by 250 callers a key, with a loader that takes 50 ms. Prints how often it loaded then.
 */
import { once } from "node:events";
import { setTimeout as takes } from "node:timers/promises";
import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";

const CALLERS = 250;
const LOAD_MS = 50;

const [url = "", count = "1"] = process.argv.slice(2);
let loads = 0;
// What a machine with more to do than it can does to a call is no failure here; nor is what it does to connecting.
const cache = createCache({ tiers: [lru(), redis({ url, commandTimeoutMs: 20_000 })], deadlineMs: 20_000 });
while ((await cache.health()).status !== "healthy") await takes(20);
const users = cache.namespace("user", {
  tags: () => ["all"],
  load: async (id) => {
    loads++;
    await takes(LOAD_MS);
    return `loaded ${id}`;
  },
});
const keys = Array.from({ length: Number(count) }, (_, key) => String(key));
await users.getMany(keys.map((key) => [key]));
await cache.drain();
loads = 0;
process.stdout.write("ready\n");
await once(process.stdin, "data");
const reads = keys.map((key) => Array.from({ length: CALLERS }, () => users.get(key)));
const values = await Promise.all(reads.flat());
process.stdout.write(JSON.stringify({ loads, values: new Set(values).size }));
await cache.close();
process.stdin.destroy();
