import { isDeepStrictEqual } from "node:util";
import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import { kindOf } from "../checked.ts";
import type { Comparison, Contender } from "../comparison.ts";
import type { Peer, PeerCache } from "../peers/peer.ts";

const SIZE = 100;
/** So many batches take turns: by the time that one is read again, the local tier holds none of its keys. */
const BATCHES = 20;
const LOCAL_ENTRIES = 2 * SIZE;

/** A hundred keys at once. */
export const batches: readonly Case[] = [
  {
    name: "batch-get",
    title: "batch of 100 from L2, L1 filled",
    core: true,
    goals: [{ contender: "tiercache", atMost: 1 / 0.8 }],
    prepare: (bench) => batchReads(bench, "found"),
  },
  {
    name: "batch-load",
    title: "batch of 100 loaded, both tiers filled",
    core: true,
    goals: [{ contender: "tiercache", atMost: 1 }],
    prepare: (bench) => batchReads(bench, "missing"),
  },
];

async function batchReads(bench: Bench, what: "found" | "missing"): Promise<Comparison> {
  const contenders: Contender[] = [];
  for (const peer of bench.peersWith("both")) {
    const contender = await batchReader(bench, peer, what);
    if (contender !== undefined) contenders.push(contender);
  }
  const [floor, ...others] = contenders;
  if (floor === undefined) throw new Error("Nobody reads batches.");
  return { name: what, timesPerRound: bench.times(what === "found" ? 200 : 60), contenders: [floor, ...others] };
}

async function batchReader(bench: Bench, peer: Peer, what: "found" | "missing"): Promise<Contender | undefined> {
  let loads = 0;
  const load = async (key: string): Promise<unknown> => {
    loads++;
    return valueOf(key);
  };
  const cache = await bench.open(peer, { tiers: "both", load, maxEntries: LOCAL_ENTRIES });
  const getMany = cache.getMany;
  if (getMany === undefined) return undefined;
  for (let batch = 0; batch < BATCHES; batch++) await getMany(keysOf(batch));
  const wrong = await whatIsWrong(getMany);
  let batch = 0;
  return {
    name: peer.name,
    wrong,
    async run(times) {
      const before = loads;
      for (let time = 0; time < times; time++) await getMany(keysOf(what === "found" ? time % BATCHES : --batch));
      const expected = what === "found" ? 0 : times * SIZE;
      if (loads - before !== expected) throw new Error(`${peer.name} has loaded ${loads - before}, not ${expected}.`);
    },
  };
}

function keysOf(batch: number): readonly string[] {
  return Array.from({ length: SIZE }, (_, index) => `id-${batch}-${index}`);
}

function valueOf(key: string): object {
  return { id: key, score: 87.5, skills: ["typescript", "redis"], place: "Zurich", remote: true };
}

/** Values are to come in the order of the keys, whether they were found or loaded. */
async function whatIsWrong(getMany: NonNullable<PeerCache["getMany"]>): Promise<string | undefined> {
  const keys = keysOf(0).flatMap((key, index) => (index % 2 === 0 ? [key] : [key, `${key}-new`]));
  const values = await getMany(keys.toReversed());
  const wrong = keys.toReversed().findIndex((key, index) => !isDeepStrictEqual(values[index], valueOf(key)));
  if (wrong === -1) return undefined;
  return values.length === keys.length
    ? `gives back ${kindOf(values[wrong])} of another key: not in the order of the keys`
    : `gives back ${values.length} values for ${keys.length} keys`;
}
