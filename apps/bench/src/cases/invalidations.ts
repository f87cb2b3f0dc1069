import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import type { Comparison, Contender } from "../comparison.ts";
import type { Peer, PeerCache } from "../peers/peer.ts";

/** How many keys there are of what is invalidated together, beside as many that are not. */
const TOGETHER = 500;

/** What is invalidated at a time, how it is named, and which of the keys it takes with it. */
interface Invalidation {
  readonly name: "key" | "tag" | "beginning";
  readonly title: string;
  readonly keys: number;
  readonly timesPerRound: number;
  invalidator(cache: PeerCache): ((round: string) => Promise<unknown>) | undefined;
}

const kinds: readonly Invalidation[] = [
  {
    name: "key",
    title: "invalidation of one key that is held",
    keys: 1,
    timesPerRound: 300,
    invalidator: ({ invalidate }) => invalidate && ((round) => invalidate(`${round}-0`)),
  },
  {
    name: "tag",
    title: `invalidation of a tag that ${TOGETHER} keys have`,
    keys: TOGETHER,
    timesPerRound: 8,
    invalidator: ({ invalidateTag }) => invalidateTag && ((round) => invalidateTag(round)),
  },
  {
    name: "beginning",
    title: `invalidation of ${TOGETHER} keys by a pattern`,
    keys: TOGETHER,
    timesPerRound: 4,
    invalidator: ({ invalidateBeginning }) => invalidateBeginning && ((round) => invalidateBeginning(`${round}-`)),
  },
];

/** Changes, until what was changed is gone from both tiers. */
export const invalidations: readonly Case[] = kinds.map((invalidation) => ({
  name: `invalidate-${invalidation.name === "beginning" ? "pattern" : invalidation.name}`,
  title: invalidation.title,
  core: invalidation.name === "key",
  prepare: (bench) => comparisonOf(bench, invalidation),
}));

async function comparisonOf(bench: Bench, invalidation: Invalidation): Promise<Comparison> {
  const contenders: Contender[] = [];
  for (const peer of bench.peersWith("both")) {
    const contender = await invalidating(bench, peer, invalidation);
    if (contender !== undefined) contenders.push(contender);
  }
  const [floor, ...others] = contenders;
  if (floor === undefined) throw new Error("Nobody invalidates.");
  return {
    name: invalidation.name,
    timesPerRound: bench.times(invalidation.timesPerRound),
    contenders: [floor, ...others],
  };
}

async function invalidating(bench: Bench, peer: Peer, kind: Invalidation): Promise<Contender | undefined> {
  let loads = 0;
  const load = async (key: string): Promise<unknown> => ({ id: key, load: ++loads });
  const tagOf = kind.name === "tag" ? (key: string) => key.slice(0, key.lastIndexOf("-")) : undefined;
  const cache = await bench.open(peer, { tiers: "both", load, tagOf });
  const invalidate = kind.invalidator(cache);
  if (invalidate === undefined) return undefined;
  let round = 0;
  const invalidated = async (): Promise<bigint> => {
    const group = `group${++round}`;
    const keys = Array.from({ length: kind.keys }, (_, index) => `${group}-${index}`);
    await Promise.all(keys.map((key) => cache.get(key)));
    // Its answer comes behind what is still being written.
    await cache.get(`behind-${group}`);
    const startedAt = process.hrtime.bigint();
    await invalidate(group);
    return process.hrtime.bigint() - startedAt;
  };
  return {
    name: peer.name,
    wrong: await whatIsWrong(cache, invalidated, () => loads),
    async run(times) {
      let tookNs = 0n;
      for (let time = 0; time < times; time++) tookNs += await invalidated();
      return { ns: Number(tookNs) / times };
    },
  };
}

async function whatIsWrong(
  cache: PeerCache,
  invalidated: () => Promise<unknown>,
  loads: () => number,
): Promise<string | undefined> {
  await cache.get("other-0");
  await invalidated();
  const before = loads();
  await cache.get("group1-0");
  return loads() > before ? undefined : "still has it afterwards";
}
