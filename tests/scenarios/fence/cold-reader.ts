/*
 * One of several processes that read the same cold keys, run by processes.test.ts: 250 callers a key, with a loader that takes
 * 50 ms. Prints how often it loaded.
 */
import { setTimeout as takes } from "node:timers/promises";
import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";

const CALLERS = 250;
const LOAD_MS = 50;

const [url = "", keys = "1"] = process.argv.slice(2);
let loads = 0;
// What a machine with more to do than it can does to a call is no failure here; nor is what it does to connecting.
const cache = createCache({ tiers: [lru(), redis({ url, commandTimeoutMs: 20_000 })], deadlineMs: 20_000 });
while ((await cache.health()).status !== "healthy") await takes(20);
const users = cache.namespace("user", {
  load: async (id) => {
    loads++;
    await takes(LOAD_MS);
    return `loaded ${id}`;
  },
});
const reads = Array.from({ length: Number(keys) }, (_, key) =>
  Array.from({ length: CALLERS }, () => users.get(String(key))),
);
const values = await Promise.all(reads.flat());
process.stdout.write(JSON.stringify({ loads, values: new Set(values).size }));
await cache.close();
