/*
 * Reads 100,000 distinct keys with everything switched on that looks at a cache, run by end-to-end.test.ts in a process of its
 * own, whose garbage can be collected at will. Prints how many series and bytes that has added.
 */
import { createCache, diagnosticsObserver, logObserver } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { tracingObserver } from "@tiercache/opentelemetry";
import { ScrapeTarget } from "./scrape-target.ts";

const KEYS = 100_000;

await using target = await ScrapeTarget.start();
const cache = createCache({
  tiers: [lru({ maxEntries: 100 })],
  observer: [
    target.observer,
    tracingObserver(),
    diagnosticsObserver(),
    logObserver({ level: "debug", write: () => {} }),
  ],
});
const users = cache.namespace("user", { load: (id) => id, target: { hitRate: 0.8 }, hotKeys: { capacity: 100 } });

async function readAll(kind: string): Promise<void> {
  for (let id = 0; id < KEYS; id++) await users.get(`${kind} ${id}`);
}

function heldBytes(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

await readAll("first");
await users.get("hit");
await users.get("hit");
const series = (await target.scrape()).series.length;
const bytes = heldBytes();
await readAll("other");
const grownBytes = heldBytes() - bytes;
process.stdout.write(JSON.stringify({ newSeries: (await target.scrape()).series.length - series, grownBytes }));
await cache.close();
