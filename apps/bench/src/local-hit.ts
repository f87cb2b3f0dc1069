import { coarseClock, createCache, hours, type LoadingNamespace } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import type { Comparison, Contender } from "./comparison.ts";

interface User {
  readonly id: string;
}

/** A hit in the local tier, beside the least that an awaited lookup can cost: a Map and one resolved promise. */
export async function localHit(): Promise<Comparison> {
  const cache = createCache({ tiers: [lru()], ttlMs: hours(1) });
  const users = cache.namespace("user", { load: (id): User => ({ id }) });
  const pairs = cache.namespace("match", {
    key: (a: number, b: number) => [a, b],
    load: (a): User => ({ id: `${a}` }),
  });
  await users.get("user-1");
  await pairs.get(1234, 5678);
  return {
    name: "L1 hit",
    timesPerRound: 400_000,
    contenders: [mapLookup(), getOne(users), getPair(pairs), peek(users)],
  };
}

/** The same with a coarse clock. To be measured last: a process that uses two kinds of clock pays for it on both. */
export async function coarseHit(): Promise<Comparison> {
  const cache = createCache({ tiers: [lru()], ttlMs: hours(1), clock: coarseClock() });
  const users = cache.namespace("user", { load: (id): User => ({ id }) });
  await users.get("user-1");
  return {
    name: "L1 hit, coarse clock",
    timesPerRound: 400_000,
    contenders: [mapLookup(), getOne(users), peek(users)],
  };
}

// Each has a loop of its own, as a shared one would call them all through one site; letters are summed up so that no
// lookup can be optimised away.

function mapLookup(): Contender {
  const map = new Map<string, User>([["user-1", { id: "user-1" }]]);
  let letters = 0;
  return {
    name: "Map lookup + one resolved promise",
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
      for (let time = 0; time < times; time++) letters += (await pairs.get(1234, 5678)).id.length;
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
