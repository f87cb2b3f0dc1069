import type { Cache, LoadingNamespace } from "@tiercache/core";
import type { ChaosTier } from "@tiercache/testing";
import { type Mock, vi } from "vitest";
import type { FencedFleet } from "../fence/fenced-fleet.ts";

/** A process whose tier is not asked any longer. */
export interface CutOff {
  readonly cache: Cache;
  readonly tier: ChaosTier;
  readonly users: LoadingNamespace<[id: string], string>;
  readonly load: Mock<(id: string) => string>;
}

/** A process that has loaded "known" and "other", and whose tier has then failed three times in a row. */
export async function cutOff(fleet: FencedFleet): Promise<CutOff> {
  const { cache, tier } = fleet.process();
  const load = vi.fn((id: string) => `loaded ${id}`);
  const users = cache.namespace("user", { load });
  await users.getMany(["known", "other"]);
  await fleet.settled();
  tier.fail();
  for (const id of ["a", "b", "c"]) await users.get(id);
  tier.clearCalls();
  load.mockClear();
  return { cache, tier, users, load };
}

/** The states that the breaker has come to, in order. */
export function statesIn(fleet: FencedFleet): readonly string[] {
  return fleet.observer.of("breaker-changed").map(({ state }) => state);
}

/** Lets time pass at once, and what follows from it run. */
export async function passesIn(fleet: FencedFleet, ms: number): Promise<void> {
  fleet.clock.advance(ms);
  await fleet.settled();
}
