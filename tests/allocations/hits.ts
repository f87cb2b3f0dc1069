/*
 * Counts what hits allocate: run by hits.test.ts in a process of its own whose young generation is so large that nothing
 * is collected meanwhile, so that the growth of the heap is the sum of all allocations.
 */
import { type Clock, coarseClock, createCache, hours, type Observer, systemClock } from "@tiercache/core";
import { lru } from "@tiercache/lru";

const HITS_A_BATCH = 100_000;
const BATCHES = 40;

/** Bytes a hit, in the batch that allocated least: the optimiser has done its work by then. */
function leastBytes(hits: (times: number) => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let batch = 0; batch < BATCHES; batch++) {
    const before = process.memoryUsage().heapUsed;
    hits(HITS_A_BATCH);
    const bytes = (process.memoryUsage().heapUsed - before) / HITS_A_BATCH;
    // A collection after all makes it negative.
    if (bytes >= 0) least = Math.min(least, bytes);
  }
  return least;
}

const clocks: Readonly<Record<string, Clock>> = { system: systemClock, coarse: coarseClock() };
const observers: Readonly<Record<string, Observer>> = { nobody: { on() {} } };
const [clockName = "", observerName = ""] = process.argv.slice(2);
const observer = observers[observerName];

const cache = createCache({
  tiers: [lru()],
  clock: clocks[clockName] ?? systemClock,
  ...(observer && { observer }),
  ttlMs: hours(1),
  negativeTtlMs: hours(1),
  local: { ttlMs: hours(1) },
  ttlJitter: 0.1,
  staleWhileRevalidateMs: hours(1),
  staleIfErrorMs: hours(1),
  refreshAhead: "probabilistic",
  softTimeoutMs: 100,
  hardTimeoutMs: 1_000,
});
const load = (id: string): { readonly id: string } => ({ id });
const users = cache.namespace("user", { load });
const pairs = cache.namespace("pair", { key: (a: number, b: number) => [a, b], load: (a) => ({ id: `${a}` }) });
await users.get("user-1");
const tagged = cache.namespace("tagged", { load, tags: (id) => [`user:${id}`, "all"] });
await pairs.get(1234, 5678);
await tagged.get("user-1");

/** Keeps the optimiser from leaving out what nobody looks at. */
let seen: unknown;

process.stdout.write(
  JSON.stringify({
    anObject: leastBytes((times) => {
      for (let time = 0; time < times; time++) seen = { time };
    }),
    get: leastBytes((times) => {
      for (let time = 0; time < times; time++) seen = users.get("user-1");
    }),
    getOrLoad: leastBytes((times) => {
      for (let time = 0; time < times; time++) seen = users.getOrLoad("user-1", load);
    }),
    peek: leastBytes((times) => {
      for (let time = 0; time < times; time++) seen = users.peek("user-1");
    }),
    getTagged: leastBytes((times) => {
      for (let time = 0; time < times; time++) seen = tagged.get("user-1");
    }),
    getByParts: leastBytes((times) => {
      for (let time = 0; time < times; time++) seen = pairs.get(1234, 5678);
    }),
    sawSomething: seen !== undefined,
  }),
);
await cache.close();
