/*
 * One of several processes that want the same lock over and over, run by processes.test.ts. Prints a line for each step of its
 * work: when it was, on the clock that all processes of a machine share, under which token, and whether it was still sure
 * of the lock. It ends when it is told to.
 */
import { setTimeout as takes } from "node:timers/promises";
import { createCache, isCacheError } from "@tiercache/core";
import { redis } from "@tiercache/redis";

/** So long that a busy machine does not take a lock from who is not paused. */
const LEASE_MS = 1_200;
const GIVE_UP_MS = 1_000;
const STEPS = 5;
const STEP_MS = 3;

const [url = ""] = process.argv.slice(2);
const cache = createCache({ tiers: [redis({ url, commandTimeoutMs: GIVE_UP_MS })], deadlineMs: GIVE_UP_MS });
while ((await cache.health()).status !== "healthy") await takes(20);
const toldToEnd = new AbortController();
process.once("message", () => toldToEnd.abort());

function tell(line: object): void {
  process.send?.(line);
}

while (!toldToEnd.signal.aborted) {
  try {
    await cache.withLock("shared", { leaseMs: LEASE_MS, waitMs: 30_000 }, async (lock) => {
      for (let step = 0; step < STEPS; step++) {
        // In this order: who is sure of it afterwards was so before.
        const at = String(process.hrtime.bigint());
        tell({ at, token: lock.token, step, isSure: lock.isHeld });
        await takes(STEP_MS);
      }
    });
    tell({ end: "done" });
  } catch (error) {
    tell({ end: isCacheError(error) ? error.code : String(error) });
  }
}
await cache.close();
process.disconnect?.();
