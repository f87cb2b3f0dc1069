import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import type { Comparison } from "../comparison.ts";
import { readInFlight } from "../in-flight.ts";
import { score } from "../values.ts";

/** Misses through both tiers, with a loader that costs nothing. */
export const misses: readonly Case[] = [
  {
    name: "miss",
    title: "cold miss, both tiers filled, one at a time",
    core: true,
    goals: [{ contender: "tiercache", atMost: 1 / 0.8 }],
    prepare: (bench) => coldReads(bench, 1),
  },
  {
    name: "miss-100",
    title: "cold miss, both tiers filled, 100 in flight",
    core: true,
    goals: [{ contender: "tiercache", atMost: 1 / 1.1 }],
    prepare: (bench) => coldReads(bench, 100),
  },
];

async function coldReads(bench: Bench, inFlight: number): Promise<Comparison> {
  const readers = Array.from({ length: inFlight }, (_, index) => `reader-${index}`);
  const contenders = [];
  for (const peer of bench.peersWith("both")) {
    let loads = 0;
    const load = async (): Promise<unknown> => {
      loads++;
      return score;
    };
    const cache = await bench.open(peer, { tiers: "both", load });
    let round = 0;
    const run = async (times: number): Promise<void> => {
      const before = loads;
      round++;
      await readInFlight(readers, times, (reader, time) => cache.get(`${reader}-${round}-${time}`));
      if (loads - before < times) throw new Error(`${peer.name} has loaded ${loads - before} of ${times} values.`);
    };
    contenders.push({ name: peer.name, run });
  }
  const [floor, ...others] = contenders;
  if (floor === undefined) throw new Error("Nobody has two tiers.");
  return {
    name: "misses",
    timesPerRound: bench.times(inFlight === 1 ? 600 : 4_000, inFlight),
    contenders: [floor, ...others],
  };
}
