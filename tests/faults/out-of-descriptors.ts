/*
 * A process that opens as many files as it may and then a cache, run by processes.faults.ts: `out-of-descriptors.ts <url>`. Prints what it
 * reads meanwhile; ends when Redis is used, once it has closed them.
 */
import { closeSync, openSync } from "node:fs";
import { setTimeout as takes } from "node:timers/promises";
import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { redis } from "@tiercache/redis";

const [url = ""] = process.argv.slice(2);
let [unhandled, failures] = [0, 0];
process.on("unhandledRejection", () => unhandled++);

const taken: number[] = [];
let code: unknown;

/** Takes all that are left; how many those were. */
function takeAll(): number {
  const before = taken.length;
  try {
    for (;;) taken.push(openSync("/dev/null", "r"));
  } catch (error) {
    code = (error as NodeJS.ErrnoException).code;
  }
  return taken.length - before;
}

// What has loaded this script closes its files when it gets to it.
for (let quiet = 0; quiet < 5; quiet = takeAll() === 0 ? quiet + 1 : 0) await takes(20);
const cache = createCache({
  tiers: [lru(), redis({ url })],
  observer: {
    on: ({ type }) => {
      if (type === "tier-failed") failures++;
    },
  },
});
const users = cache.namespace("user", { load: (id) => id });
// A try to connect may have given one back.
const keeping = setInterval(takeAll, 1);
const without: string[] = [];
for (const id of ["1", "2", "3", "4", "5"]) without.push(await users.get(id));
const isUsed = async (): Promise<boolean> => (await users.set("6", "v")).status === "done";
clearInterval(keeping);
for (const file of taken) closeSync(file);
while (!(await isUsed())) await takes(20);
await cache.close();
process.stdout.write(JSON.stringify({ without, hasFailed: failures > 0, unhandled, code }));
