import type { PeerCache } from "../peers/peer.ts";
import { peerNamed } from "../peers/peers.ts";

/** What it has found. */
export interface MemoryPerEntry {
  readonly bytes: number;
  /** After each of them was read once more. */
  readonly bytesAfterHit: number;
}

/* node --expose-gc memory-process.ts <peer> <entries>: fills a local tier and says how much more memory is in use. */
const [peer = "", count = ""] = process.argv.slice(2);
const entries = Number(count);
// A small one each, as most values are no larger than what is kept about them.
let loads = 0;
const load = async (): Promise<unknown> => ({ number: loads++ });
const open = (maxEntries: number): Promise<PeerCache> =>
  peerNamed(peer).open({
    tiers: "local",
    url: "redis://127.0.0.1",
    name: "memory",
    load,
    loadMany: async () => [],
    maxEntries,
  });
// What is imported and compiled is not the entries'; what a cache sets aside for them is.
const other = await open(10);
await other.get("warm");
const before = await inUse();
const cache = await open(entries + 1);
await readAll();
const bytes = ((await inUse()) - before) / entries;
await readAll();
const bytesAfterHit = ((await inUse()) - before) / entries;
// Whoever dropped some to keep to a bound of his own is not to look thrifty.
if (cache.peek !== undefined && cache.peek("user-0") === undefined)
  throw new Error(`${peer} has not kept all entries.`);
process.send?.({ bytes, bytesAfterHit } satisfies MemoryPerEntry, () => process.exit());

async function readAll(): Promise<void> {
  for (let entry = 0; entry < entries; entry++) await cache.get(`user-${entry}`);
}

async function inUse(): Promise<number> {
  for (let pass = 0; pass < 4; pass++) {
    globalThis.gc?.();
    await new Promise(setImmediate);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
