import type { Bench } from "../bench.ts";
import type { Case, Goal } from "../case.ts";
import { filledCaches } from "../checked.ts";
import type { Comparison } from "../comparison.ts";
import { readInFlight } from "../in-flight.ts";
import { type SampleValue, sampleValues } from "../values.ts";

/** The least rate that tiercache is to reach with 100 in flight, as a part of the floor's. */
const rates: Readonly<Record<string, number>> = { "100b": 2.2, "2kb": 1.1, "768-floats": 2, "50kb": 1 };

/** Hits in Redis, of each value, one at a time and with a hundred under way. */
export const remoteHits: readonly Case[] = sampleValues.flatMap((sample) => [
  {
    name: `l2-get-${sample.name}`,
    title: `L2 hit, ${sample.title}, one at a time`,
    core: sample.name === "100b",
    goals: [{ contender: "tiercache", atMost: 1 }],
    prepare: (bench) => reads(bench, sample, 1),
  },
  {
    name: `l2-get-${sample.name}-100`,
    title: `L2 hit, ${sample.title}, 100 in flight`,
    core: sample.name !== "1024-floats",
    goals: goalOf(rates[sample.name]),
    prepare: (bench) => reads(bench, sample, 100),
  },
]);

function goalOf(rate: number | undefined): readonly Goal[] {
  return rate === undefined ? [] : [{ contender: "tiercache", atMost: 1 / rate }];
}

async function reads(
  bench: Bench,
  { title, value, timesPerRound }: SampleValue,
  inFlight: number,
): Promise<Comparison> {
  const keys = Array.from({ length: inFlight }, (_, index) => `id-${index}`);
  const caches = await filledCaches(bench, { tiers: "remote", keys, valueOf: () => value });
  const [floor, ...others] = caches.map(({ peer, cache, wrong }) => ({
    name: peer.name,
    wrong,
    run: (times: number) => readInFlight(keys, times, (key) => cache.get(key)),
  }));
  if (floor === undefined) throw new Error("Nobody has a remote tier.");
  const times = inFlight === 1 ? timesPerRound / 4 : timesPerRound;
  return { name: title, timesPerRound: bench.times(times, inFlight), contenders: [floor, ...others] };
}
