import { createCache, hours, type LoadingNamespace, type RemoteTier } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";
import { redis } from "@tiercache/redis";
import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import type { Comparison, Contender } from "../comparison.ts";
import { unfenced } from "../unfenced.ts";
import { score } from "../values.ts";

type Scores = LoadingNamespace<[id: string], unknown>;

/** What is done so many times; `turn` is another number each time that it is called. */
type Deed = (scores: Scores, times: number, turn: number) => Promise<void>;

/** What it costs that nothing old can be written over what is newer: Redis alone, with the fence and without. */
export const fenceCosts: readonly Case[] = [
  costs("hit", { what: "an L2 hit", timesPerRound: 2_000 }, async (scores, times) => {
    for (let time = 0; time < times; time++) await scores.get("held");
  }),
  costs("miss", { what: "a miss", timesPerRound: 600 }, async (scores, times, turn) => {
    for (let time = 0; time < times; time++) await scores.get(`${turn}-${time}`);
  }),
  costs("invalidate", { what: "an invalidation", timesPerRound: 600 }, async (scores, times, turn) => {
    for (let time = 0; time < times; time++) await scores.invalidate(`${turn}-${time}`);
  }),
];

function costs(name: string, { what, timesPerRound }: { what: string; timesPerRound: number }, deed: Deed): Case {
  return {
    name: `fence-${name}`,
    title: `the fence's cost: ${what}, one at a time`,
    prepare: (bench) => comparisonOf(bench, timesPerRound, deed),
  };
}

async function comparisonOf(bench: Bench, timesPerRound: number, deed: Deed): Promise<Comparison> {
  const contender = async (name: string, tier: RemoteTier): Promise<Contender> => {
    const cache = createCache({ tiers: [tier], serializer: msgpack(), prefix: bench.newName() });
    bench.onClose(() => cache.close());
    const scores = cache.namespace("score", { load: async (): Promise<unknown> => score, ttlMs: hours(1) });
    await scores.get("held");
    let turn = 0;
    return { name, run: (times) => deed(scores, times, ++turn) };
  };
  const { url } = bench;
  return {
    name: "fence",
    timesPerRound: bench.times(timesPerRound),
    contenders: [
      await contender("without the fence", unfenced(redis({ url }))),
      await contender("with the fence", redis({ url })),
    ],
  };
}
