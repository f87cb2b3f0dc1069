/*
 * A process that publishes announcements of a key at a steady rate, run by flood.faults.ts: `flood-process.ts <url> <channel> <a second>`.
 * Once it is told anything it stops, and tells what it has published, and in how long.
 */
import { setTimeout as takes } from "node:timers/promises";
import { Redis } from "ioredis";

const [url = "", channel = "", perSecond = "0"] = process.argv.slice(2);
const PUBLISH = "for i = 1, ARGV[2] do redis.call('PUBLISH', KEYS[1], string.format(ARGV[1], ARGV[3] + i)) end";
/** As the bus sends them; each of another key. */
const MESSAGE = JSON.stringify(["tiercache:1", "flood:1", "gone", "user", "other %d"]);
const PAUSE_MS = 5;

const client = new Redis(url);
const told = new AbortController();
process.once("message", () => told.abort());
await client.ping();
process.send?.("ready");
const startedAt = performance.now();
let published = 0;
while (!told.signal.aborted) {
  const due = Math.floor((Number(perSecond) * (performance.now() - startedAt)) / 1_000);
  await client.eval(PUBLISH, 1, channel, MESSAGE, due - published, published);
  published = due;
  await takes(PAUSE_MS);
}
process.send?.({ published, tookMs: performance.now() - startedAt });
client.disconnect();
process.disconnect?.();
