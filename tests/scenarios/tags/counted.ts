import type { Cache, LoadingNamespace } from "@tiercache/core";
import { expect } from "vitest";
import type { World } from "../matrix.ts";

export interface Counted {
  readonly cache: Cache;
  readonly scores: LoadingNamespace<[user: number, job: number], number>;
  readonly names: LoadingNamespace<[user: number], number>;
}

/** Two namespaces of one more process that share the tag of a user; each value says how many loads there had been. */
export function counted(world: World, rules = {}): Counted {
  let loads = 0;
  const cache = world.process(rules);
  const load = (): number => ++loads;
  const scores = cache.namespace("score", {
    key: (user: number, job: number) => [user, job],
    tags: (user, job) => [`user:${user}`, `job:${job}`],
    load,
  });
  const names = cache.namespace("name", { key: (user: number) => [user], tags: (user) => [`user:${user}`], load });
  return { cache, scores, names };
}

export async function filled({ scores, names }: Counted, world: World): Promise<void> {
  expect(
    await scores.getMany([
      [7, 1],
      [7, 2],
      [8, 1],
    ]),
  ).toEqual([1, 2, 3]);
  expect(await names.get(7)).toBe(4);
  await world.settled();
}
