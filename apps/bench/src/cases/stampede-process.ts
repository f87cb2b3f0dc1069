import { setTimeout } from "node:timers/promises";
import { peerNamed } from "../peers/peers.ts";

/** What one process of a stampede is told to do. */
export interface Burst {
  readonly round: number;
  readonly keys: number;
  readonly callers: number;
  readonly loaderMs: number;
  /** When all processes are to begin, by the clock on the wall. */
  readonly startAt: number;
}

/** When the last of its callers had his value, and how often it has loaded. */
export interface BurstEnd {
  readonly ms: number;
  readonly loads: number;
}

/*
 * node stampede-process.ts <peer> <url> <name>: one process of a stampede. Says when it is ready, and then does each burst that it
 * is sent.
 */
const [peer = "", url = "", name = ""] = process.argv.slice(2);
let loads = 0;
let loaderMs = 0;
const load = async (key: string): Promise<unknown> => {
  loads++;
  await setTimeout(loaderMs);
  return { id: key };
};
const loadMany = (keys: readonly string[]): Promise<readonly unknown[]> => Promise.all(keys.map(load));
const cache = await peerNamed(peer).open({ tiers: "both", url, name, load, loadMany, maxEntries: 10_000 });
// Whoever is not connected yet is not to be measured.
await cache.get(`warm-${process.pid}`);

async function endOf(burst: Burst): Promise<BurstEnd> {
  loads = 0;
  loaderMs = burst.loaderMs;
  await setTimeout(burst.startAt - Date.now());
  const startedAt = performance.now();
  const keyOf = (caller: number): string => `key-${burst.round}-${caller % burst.keys}`;
  await Promise.all(Array.from({ length: burst.callers }, async (_, caller) => cache.get(keyOf(caller))));
  return { ms: performance.now() - startedAt, loads };
}

process.on("message", (burst: Burst) => void endOf(burst).then((end) => process.send?.(end)));
process.send?.("ready");
