import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import { type Checked, filledCaches } from "../checked.ts";
import type { Comparison, Contender } from "../comparison.ts";
import type * as HitLoop from "../hit-loop.ts";

const HOT = 1;
const WIDE = 100_000;

/** Hits in the process, of one key and of very many. */
export const localHits: readonly Case[] = [
  {
    name: "l1-get",
    title: "L1 hit, `await get`, one hot key",
    core: true,
    goals: [{ contender: "tiercache", atMost: 0.8 }],
    prepare: (bench) => hits(bench, "get", HOT),
  },
  {
    name: "l1-get-wide",
    title: "L1 hit, `await get`, over 100,000 keys",
    core: true,
    prepare: (bench) => hits(bench, "get", WIDE),
  },
  {
    name: "l1-peek",
    title: "L1 hit, `peek`, one hot key",
    core: true,
    goals: [{ contender: "tiercache", atMost: 1.2 }],
    prepare: (bench) => hits(bench, "peek", HOT),
  },
  {
    name: "l1-peek-wide",
    title: "L1 hit, `peek`, over 100,000 keys",
    prepare: (bench) => hits(bench, "peek", WIDE),
  },
];

async function hits(bench: Bench, how: "get" | "peek", keyCount: number): Promise<Comparison> {
  const keys = shuffled(bench.times(keyCount));
  const maxEntries = keys.length + 1;
  const caches = await filledCaches(bench, { tiers: "local", keys, maxEntries, valueOf: (key) => ({ id: key }) });
  const able = caches.filter(({ cache }) => how === "get" || cache.peek !== undefined);
  const [floor, ...others] = await Promise.all(able.map((checked) => hitter(checked, how, keys)));
  if (floor === undefined) throw new Error("Nobody has a local tier.");
  return { name: how, timesPerRound: bench.times(400_000, keys.length), contenders: [floor, ...others] };
}

/** A contender that reads keys which its cache has, in a loop of its own. */
export async function hitter(
  { peer, cache, wrong }: Checked,
  how: "get" | "peek",
  keys: readonly string[],
): Promise<Contender> {
  const { awaitHits, peekHits } = await ownLoop(peer.name);
  const run = async (times: number): Promise<void> => peekHits(cache, keys, times);
  return { name: peer.name, wrong, run: how === "get" ? (times) => awaitHits(cache, keys, times) : run };
}

let loops = 0;

function ownLoop(name: string): Promise<typeof HitLoop> {
  const module = new URL(`../hit-loop.ts?of=${encodeURIComponent(name)}-${++loops}`, import.meta.url);
  return import(/* @vite-ignore */ module.href);
}

/** So many keys in an order that no cache line foresees, the same in each run. */
function shuffled(count: number): readonly string[] {
  const keys = Array.from({ length: count }, (_, index) => `user-${index}`);
  let random = 1;
  for (let last = count - 1; last > 0; last--) {
    random = (random * 48_271) % 2_147_483_647;
    const other = random % (last + 1);
    [keys[last], keys[other]] = [keys[other] ?? "", keys[last] ?? ""];
  }
  return keys;
}
