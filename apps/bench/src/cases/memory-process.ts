import { peerNamed } from "../peers/peers.ts";

/** What it has found. */
export interface MemoryPerEntry {
  readonly bytes: number;
}

/* node --expose-gc memory-process.ts <peer> <entries> [hit]: fills a local tier and says how much more memory is in use. */
const [peer = "", count = "", hit = ""] = process.argv.slice(2);
const entries = Number(count);
// One for all, so that what is measured is the entry.
const value = { small: true };
const load = async (): Promise<unknown> => value;
const cache = await peerNamed(peer).open({
  tiers: "local",
  url: "redis://127.0.0.1",
  name: "memory",
  load,
  loadMany: async () => [],
  maxEntries: entries + 1,
});
await cache.get("warm");
const before = await inUse();
for (let entry = 0; entry < entries; entry++) await cache.get(`user-${entry}`);
if (hit !== "") for (let entry = 0; entry < entries; entry++) await cache.get(`user-${entry}`);
const bytes = ((await inUse()) - before) / entries;
// Whoever dropped some to keep to a bound of his own is not to look thrifty.
if (cache.peek !== undefined && cache.peek("user-0") === undefined)
  throw new Error(`${peer} has not kept all entries.`);
process.send?.({ bytes } satisfies MemoryPerEntry, () => process.exit());

async function inUse(): Promise<number> {
  for (let pass = 0; pass < 4; pass++) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
