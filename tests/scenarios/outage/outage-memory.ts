/*
 * A process of its own, run by memory.test.ts: `outage-memory.ts <url>`. Its parent has Redis go and come, and asks it to work, or to wait
 * until all is well again and what is kept for a while is over, for which its time is sent ahead. Then it tells what it holds.
 */
import { setTimeout as takes } from "node:timers/promises";
import { createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";
import { manualClock } from "@tiercache/testing";
import { Redis } from "ioredis";

const ROUNDS = 100;
const KEYS_A_ROUND = 150;

/** So that it shows where any of them is still held. */
const LONG = "x".repeat(100);

const [url = ""] = process.argv.slice(2);
const clock = manualClock();
let shown = performance.now();
setInterval(() => {
  const now = performance.now();
  clock.advance(now - shown);
  shown = now;
}, 2);

// One that would keep what it is given for later, so that it is seen what is given to it.
const client = new Redis(url);
client.on("error", () => {});
const cache = createCache({ tiers: [lru({ maxEntries: 100 }), redis({ client })], clock });
const users = cache.namespace("user", { load: (id) => ({ id }), tags: (id) => [tagOf(id)], ttlMs: minutes(5) });

/** One of a hundred: tags are remembered up to a number of their own. */
function tagOf(id: string): string {
  return `of ${Number(id.split(" ").at(-1)) % 100}`;
}

async function work(part: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const ids = Array.from({ length: KEYS_A_ROUND }, (_, index) => `${part} ${round} ${LONG} ${index}`);
    await Promise.all(ids.map((id) => users.get(id)));
    await users.invalidateMany(ids);
    await Promise.all(ids.slice(0, 10).map((id) => users.set(id, { id })));
    await cache.invalidateTags(ids.slice(0, 10).map((id) => tagOf(id)));
    // So that timers run as they do in a process that has other things to do.
    await takes(1);
  }
}

function heldBytes(): number {
  for (let round = 0; round < 8; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function healed(): Promise<void> {
  const isHealed = async (): Promise<boolean> => {
    const { status, tiers } = await cache.health();
    return status === "healthy" && tiers[0]?.pendingRemovals === 0;
  };
  while (!(await isHealed())) await takes(10);
  await cache.drain();
  for (let passed = 0; passed < 5; passed++) {
    clock.advance(minutes(1));
    await takes(20);
  }
  while (!(await isHealed())) await takes(10);
}

async function reported(): Promise<void> {
  const { commandQueue, offlineQueue } = client as unknown as Record<string, { readonly length: number } | null>;
  const queued = (commandQueue?.length ?? 0) + (offlineQueue?.length ?? 0);
  process.send?.({ heldBytes: heldBytes(), queued, pending: (await cache.health()).tiers[0]?.pendingRemovals });
}

let parts = 0;
const tasks = { work: () => work(`part ${parts++}`), heal: healed, removeOne: () => users.invalidate("one") };
process.on("message", (asked: keyof typeof tasks) => {
  void tasks[asked]().then(reported);
});
