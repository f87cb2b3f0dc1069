import { setTimeout } from "node:timers/promises";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { type CacheOptions, createCache, hours, type LoadingNamespace } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { metricsObserver } from "@tiercache/opentelemetry";
import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import { filledCaches } from "../checked.ts";
import type { Comparison, Contender } from "../comparison.ts";
import { timedFor } from "../rounds.ts";
import { hitter } from "./local-hits.ts";

const KEYS = ["user-1"];

/** Hits in the process, with all that may be switched on beside them. */
export const seenHits: readonly Case[] = [
  {
    name: "l1-get-two-tier",
    title: "L1 hit in two tiers with bus, tags and statistics",
    core: true,
    goals: [{ contender: "tiercache", atMost: 1.15 }],
    prepare: twoTiers,
  },
  {
    name: "l1-get-seen",
    title: "L1 hit with statistics, an observer, OpenTelemetry metrics",
    goals: [
      { contender: "statistics on, the default", atMost: 1.15 },
      { contender: "and OpenTelemetry metrics", atMost: 1.6 },
    ],
    prepare: seen,
  },
];

/** The floor is our own memory-only hit: what is new must cost next to nothing. */
async function twoTiers(bench: Bench): Promise<Comparison> {
  const filling = { keys: KEYS, valueOf: (key: string) => ({ id: key }) };
  const alone = (await filledCaches(bench, { ...filling, tiers: "local" })).find(
    ({ peer }) => peer.name === "tiercache",
  );
  if (alone === undefined) throw new Error("tiercache takes no part.");
  const tiered = await filledCaches(bench, { ...filling, tiers: "both", tagOf: () => "all" });
  const floor = await hitter(alone, "get", KEYS);
  const others = await Promise.all(tiered.map((checked) => hitter(checked, "get", KEYS)));
  return {
    name: "two tiers",
    timesPerRound: bench.times(200_000),
    contenders: [{ ...floor, name: "tiercache, memory alone" }, ...others.map(breathing)],
  };
}

/** Lets what goes on behind come to its turn, as it does in a process that also does other things: an echo of the bus may be due. */
function breathing(contender: Contender): Contender {
  return {
    ...contender,
    async run(times) {
      await contender.run(1);
      await setTimeout(2);
      return timedFor(times, async () => void (await contender.run(times)));
    },
  };
}

/** Collects when it is asked to, which nobody does here: what is measured is the hit. */
class IdleReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

async function seen(bench: Bench): Promise<Comparison> {
  const meter = new MeterProvider({ readers: [new IdleReader()] }).getMeter("bench");
  const floor = get("unseen: statistics off", await usersOf(bench, { statistics: false }));
  return {
    name: "seen",
    timesPerRound: bench.times(400_000),
    contenders: [
      floor,
      get("statistics on, the default", await usersOf(bench, {})),
      get("and an observer that does nothing", await usersOf(bench, { observer: { on() {} } })),
      get("and OpenTelemetry metrics", await usersOf(bench, { observer: metricsObserver({ meter }) })),
    ],
  };
}

type Users = LoadingNamespace<[id: string], { readonly id: string }>;

async function usersOf(bench: Bench, options: Partial<CacheOptions>): Promise<Users> {
  const cache = createCache({ tiers: [lru()], ttlMs: hours(1), ...options });
  bench.onClose(() => cache.close());
  const users = cache.namespace("user", { load: (id) => ({ id }) });
  await users.get("user-1");
  return users;
}

function get(name: string, users: Users): Contender {
  let letters = 0;
  return {
    name,
    async run(times) {
      for (let time = 0; time < times; time++) letters += (await users.get("user-1")).id.length;
      if (letters === 0) throw new Error("The benchmark found nothing.");
    },
  };
}
