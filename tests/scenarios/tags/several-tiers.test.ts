import { createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import {
  type ChaosTier,
  chaos,
  type ManualClock,
  type MemoryServer,
  manualClock,
  memoryServer,
  memoryTier,
} from "@tiercache/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";

/* The tokens lie in the nearer remote tier, which has a fence and a bus; the farther one has neither, and outlives it. */

let clock: ManualClock;
let near: MemoryServer;
let far: ChaosTier;
let version: number;

beforeEach(() => {
  clock = manualClock();
  near = memoryServer({ clock, name: "near" });
  far = chaos(memoryTier({ clock, name: "far" }));
  version = 1;
});

function process() {
  const tier = chaos(near.tier());
  const cache = createCache({
    tiers: [lru(), tier, far],
    clock,
    ttlMs: minutes(10),
    horizonMs: Number.POSITIVE_INFINITY,
  });
  const load = vi.fn(async () => version);
  return { cache, tier, load, users: cache.namespace("user", { load, tags: () => ["t"] }) };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => void setImmediate(resolve));
}

describe("tokens that have come back with older data of their tier", () => {
  test("have nothing believed in another tier before whoever ended them has had the time to do it again", async () => {
    const [one, other] = [process(), process()];
    await one.users.get("7");
    await settled();
    const older = near.snapshot();
    version = 2;
    await one.cache.deleteByTags(["t"]);
    await one.cache.close();
    clock.advance(1);
    near.restart({ keep: older });
    await settled();
    expect(await other.users.get("7")).toBe(2);
  });

  test("have nothing left in another tier that was being loaded meanwhile", async () => {
    const [one, other] = [process(), process()];
    await one.users.get("8");
    await other.users.get("8");
    await settled();
    const older = near.snapshot();
    const answer = Promise.withResolvers<number>();
    other.load.mockReturnValueOnce(answer.promise);
    other.tier.loseBus();
    const reading = other.users.get("7");
    await vi.waitFor(() => expect(other.load).toHaveBeenCalledOnce());
    version = 2;
    await one.cache.deleteByTags(["t"]);
    clock.advance(1);
    near.restart({ keep: older });
    await settled();
    answer.resolve(1);
    expect(await reading).toBe(1);
    await settled();
    expect(far.writes).toContain("user:8");
    expect(far.writes).not.toContain("user:7");
  });
});
