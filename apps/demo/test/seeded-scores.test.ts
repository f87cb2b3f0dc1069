import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Instance, startInstance } from "../src/service/instance.ts";
import { callsOf } from "../src/service/origins.ts";
import { World } from "../src/service/world.ts";
import { silent } from "./silent-observer.ts";

let world: World;
let instance: Instance;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: { MODEL_LATENCY_MS: "0" } });
});

afterAll(() => world[Symbol.asyncDispose]());

beforeEach(() => {
  instance = startInstance(world, { prefix: "seeded", observer: silent });
  return () => instance.cache.close();
});

test("whoever has opened a list finds the scores in it computed, and is counted as the one reader that he is", async () => {
  const { value: list = [] } = await instance.services.matches.top(7);
  await turn();
  const before = callsOf(world.origins);
  for (const match of list) {
    const { value, source } = await instance.services.matches.score(7, match.jobId);
    expect([value, source]).toEqual([match, "lru"]);
  }
  expect(callsOf(world.origins)).toEqual(before);
  const { hits, misses } = instance.namespaces.tops.stats().total;
  expect({ hits, misses }).toEqual({ hits: 0, misses: 1 });
});

test("scores of a list that was out of date before it was there are not kept", async () => {
  const { embeddings } = world.origins;
  const embed = embeddings.embed.bind(embeddings);
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  embeddings.embed = async (...asked) => {
    entered.resolve();
    await released.promise;
    return embed(...asked);
  };
  const opened = instance.services.matches.top(11);
  await entered.promise;
  // Nobody pays that.
  const wish = { categories: [], cities: [], remote: "welcome", minimumSalaryEurPerYear: 900_000 } as const;
  await instance.services.people.updatePreferences(11, wish);
  released.resolve();
  const { value: list = [] } = await opened;
  embeddings.embed = embed;
  await turn();
  expect(list[0]?.parts.pay).toBeGreaterThan(0);
  const { value: score } = await instance.services.matches.score(11, list[0]?.jobId ?? 0);
  expect(score?.parts.pay).toBe(0);
});
