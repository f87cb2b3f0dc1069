import { isDeepStrictEqual } from "node:util";
import { awaitUntil } from "@tooling/redis-server";
import type { Bench, Wanted } from "./bench.ts";
import type { Peer, PeerCache } from "./peers/peer.ts";

/** A cache that holds some keys, with what is wrong with what it gives back. */
export interface Checked {
  readonly peer: Peer;
  readonly cache: PeerCache;
  readonly wrong: string | undefined;
}

/** What is to be held before anything is measured. */
export interface Filling extends Omit<Wanted, "load"> {
  readonly keys: readonly string[];
  readonly valueOf: (key: string) => unknown;
  /** How long a cache may take until it has kept what it has loaded. @defaultValue 10_000 */
  readonly patienceMs?: number;
}

/**
 * Caches of all peers that can have the tiers, each of which has the keys, and was asked for the first of them again: what
 * comes back must equal what was loaded, and must not have been loaded anew.
 */
export async function filledCaches(bench: Bench, filling: Filling): Promise<readonly Checked[]> {
  const caches: Checked[] = [];
  for (const peer of bench.peersWith(filling.tiers)) caches.push(await filled(bench, peer, filling));
  return caches;
}

async function filled(bench: Bench, peer: Peer, filling: Filling): Promise<Checked> {
  const { keys, valueOf, patienceMs: _, ...wanted } = filling;
  let loads = 0;
  const load = async (key: string): Promise<unknown> => {
    loads++;
    return valueOf(key);
  };
  const cache = await bench.open(peer, { ...wanted, load });
  // Some at a time: a tier that has to be connected first refuses more.
  for (let from = 0; from < keys.length; from += 100)
    await Promise.all(keys.slice(from, from + 100).map((key) => cache.get(key)));
  return { peer, cache, wrong: await whatIsWrong(cache, filling, () => loads) };
}

async function whatIsWrong(cache: PeerCache, filling: Filling, loads: () => number): Promise<string | undefined> {
  const [key = ""] = filling.keys;
  let seen: unknown;
  const isHit = async (): Promise<boolean> => {
    const before = loads();
    seen = await cache.get(key);
    return loads() === before;
  };
  try {
    // What is written behind a read may take a moment.
    await awaitUntil("a hit", isHit, filling.patienceMs ?? 10_000);
  } catch {
    return "does not keep it";
  }
  const wanted = filling.valueOf(key);
  return isDeepStrictEqual(seen, wanted) ? undefined : `gives back ${kindOf(seen)} for ${kindOf(wanted)}`;
}

/** What kind of thing a value is, for a table. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return `${value}`;
  const name = (Object.getPrototypeOf(value) as object | null)?.constructor?.name ?? "an object";
  return name === "Object" ? "a plain object" : `a ${name}`;
}
