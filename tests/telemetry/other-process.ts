/*
 * Another process over the same Redis, run by end-to-end.test.ts: sets and invalidates what it is told to, and ends.
 */
import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";

const [url = "", action = "", ...ids] = process.argv.slice(2);
const cache = createCache({ tiers: [lru(), redis({ url, commandTimeoutMs: 15_000 })], deadlineMs: 15_000 });
const users = cache.namespace<string>("user");
if (action === "set") await users.setMany(ids.map((id) => [id, "theirs"]));
else await users.invalidateMany(ids);
await cache.close();
