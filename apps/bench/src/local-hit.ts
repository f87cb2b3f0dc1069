import { createCache, hours } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import type { Comparison } from "./comparison.ts";

interface User {
  readonly id: string;
}

/** A hit in the local tier, beside the least that an awaited lookup can cost: a Map and one resolved promise. */
export async function localHit(): Promise<Comparison> {
  const map = new Map<string, User>([["user-1", { id: "user-1" }]]);
  const cache = createCache({ tiers: [lru()], ttlMs: hours(1) });
  const users = cache.namespace("user", { load: (id): User => ({ id }) });
  const pairs = cache.namespace("match", {
    key: (a: number, b: number) => [a, b],
    load: (a): User => ({ id: `${a}` }),
  });
  await users.get("user-1");
  await pairs.get(1234, 5678);
  // Summed up, so that no work can be optimised away.
  let letters = 0;
  return {
    name: "L1 hit",
    timesPerRound: 400_000,
    contenders: [
      {
        name: "Map lookup + one resolved promise",
        async run(times) {
          for (let time = 0; time < times; time++)
            letters += (await Promise.resolve(map.get("user-1")))?.id.length ?? 0;
        },
      },
      {
        name: "namespace.get(id)",
        async run(times) {
          for (let time = 0; time < times; time++) letters += (await users.get("user-1")).id.length;
        },
      },
      {
        name: "namespace.get(a, b)",
        async run(times) {
          for (let time = 0; time < times; time++) letters += (await pairs.get(1234, 5678)).id.length;
        },
      },
      {
        name: "namespace.peek(id)",
        async run(times) {
          for (let time = 0; time < times; time++) letters += users.peek("user-1")?.id.length ?? 0;
          await Promise.resolve(letters);
        },
      },
    ],
  };
}
