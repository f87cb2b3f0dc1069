import { type CacheOptions, coarseClock, createCache, hours, type LoadingNamespace } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import type { Bench } from "../bench.ts";
import type { Case } from "../case.ts";
import type { Comparison, Contender } from "../comparison.ts";

interface User {
  readonly id: string;
}

/** Our hit beside the least that an awaited look-up can cost at all: a Map and one resolved promise. */
export const ownHits: readonly Case[] = [
  { name: "l1-floor", title: "L1 hit beside a Map", prepare: (bench) => comparisonOf(bench, {}) },
];

/** The same with a clock that looks at the time now and then. Measured last: a process that uses two kinds of clock pays for it on both. */
export const coarseHits: readonly Case[] = [
  {
    name: "l1-coarse",
    title: "L1 hit with coarseClock() beside a Map",
    prepare: (bench) => comparisonOf(bench, { clock: coarseClock() }),
  },
];

async function comparisonOf(bench: Bench, options: Partial<CacheOptions>): Promise<Comparison> {
  const cache = createCache({ tiers: [lru()], ttlMs: hours(1), ...options });
  bench.onClose(() => cache.close());
  const users = cache.namespace("user", { load: (id): User => ({ id }) });
  const pairs = cache.namespace("match", {
    key: (a: number, b: number) => [a, b],
    load: (a): User => ({ id: `${a}` }),
  });
  await users.get("user-1");
  await pairs.get(1_234, 5_678);
  return {
    name: "beside a Map",
    timesPerRound: bench.times(400_000),
    contenders: [mapLookup(), getOne(users), getPair(pairs), peek(users)],
  };
}

// Each has a loop of its own, as a shared one would call them all through one site; letters are summed up so that no
// lookup can be optimised away.

function mapLookup(): Contender {
  const map = new Map<string, User>([["user-1", { id: "user-1" }]]);
  let letters = 0;
  return {
    name: "Map look-up + one resolved promise",
    async run(times) {
      for (let time = 0; time < times; time++) letters += (await Promise.resolve(map.get("user-1")))?.id.length ?? 0;
      assertCounted(letters);
    },
  };
}

function getOne(users: LoadingNamespace<[id: string], User>): Contender {
  let letters = 0;
  return {
    name: "namespace.get(id)",
    async run(times) {
      for (let time = 0; time < times; time++) letters += (await users.get("user-1")).id.length;
      assertCounted(letters);
    },
  };
}

function getPair(pairs: LoadingNamespace<[a: number, b: number], User>): Contender {
  let letters = 0;
  return {
    name: "namespace.get(a, b)",
    async run(times) {
      for (let time = 0; time < times; time++) letters += (await pairs.get(1_234, 5_678)).id.length;
      assertCounted(letters);
    },
  };
}

function peek(users: LoadingNamespace<[id: string], User>): Contender {
  let letters = 0;
  return {
    name: "namespace.peek(id), not awaited",
    async run(times) {
      for (let time = 0; time < times; time++) letters += users.peek("user-1")?.id.length ?? 0;
      assertCounted(letters);
    },
  };
}

function assertCounted(letters: number): void {
  if (letters === 0) throw new Error("The benchmark found nothing.");
}
