import { CacheError } from "@tiercache/core";
import type { ChaosTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { FencedFleet } from "../fence/fenced-fleet.ts";
import { cutOff, passesIn, statesIn } from "./cut-off.ts";

let fleet: FencedFleet;

beforeEach(() => {
  fleet = new FencedFleet();
});

const states = (): readonly string[] => statesIn(fleet);
const passes = (ms: number): Promise<void> => passesIn(fleet, ms);

describe("before a tier is asked again", () => {
  test("it has been told all that it missed: until then nobody reads it", async () => {
    const { tier, users, load } = await cutOff(fleet);
    await users.invalidate("known");
    tier.heal();
    tier.hold("remove", "request");
    fleet.clock.advance(100);
    await tier.whenHeld(1);
    expect(states().at(-1)).toBe("half-open");
    expect(await users.read("known")).toMatchObject({ source: "loader" });
    await users.invalidate("known");
    expect(tier.reads.flat()).toEqual(["tiercache:probe"]);
    tier.release();
    await fleet.settled();
    expect(states().at(-1)).toBe("closed");
    expect(tier.removals.flat()).toContain("user:known");
    load.mockClear();
    const elsewhere = fleet.process().cache.namespace<string>("user");
    expect(await elsewhere.get("known")).toBeUndefined();
  });

  test("it is left alone again where it cannot be told", async () => {
    const { tier, users } = await cutOff(fleet);
    await users.invalidate("known");
    tier.heal();
    tier.fail(new CacheError("TIER_FAILED", "read-only"), "remove");
    await passes(100);
    expect(states()).toEqual(["open", "half-open", "open"]);
    tier.clearCalls();
    expect(await users.read("other", { skipReading: ["lru"] })).toMatchObject({ source: "loader" });
    expect(tier.reads.flat()).toEqual([]);
  });

  test("it has been told again what it may have lost with an older state", async () => {
    const { cache, tier } = fleet.process();
    const users = cache.namespace<string>("user");
    await users.set("7", "old");
    const earlier = fleet.server.snapshot();
    await users.invalidate("7");
    tier.fail();
    for (const id of ["a", "b", "c"]) await users.get(id);
    fleet.server.restart({ keep: earlier });
    tier.heal();
    await passes(100);
    expect(states().at(-1)).toBe("closed");
    expect(fleet.server.keys).not.toContain("user:7");
    expect(await users.get("7")).toBeUndefined();
  });

  test("a flood of invalidations does not keep it from being used again", async () => {
    const { tier, users } = await cutOff(fleet);
    for (let key = 0; key < 1_000; key++) await users.invalidate(`${key}`);
    tier.heal();
    fleet.clock.advance(100);
    for (let turn = 0; turn < 200 && states().at(-1) !== "closed"; turn++) {
      void users.invalidate(`more ${turn}`);
      await new Promise(setImmediate);
    }
    expect(states().at(-1)).toBe("closed");
    await fleet.settled();
    expect((await healthOf(tier, users)).pending).toBe(0);
  });
});

/** How many removals are left to be told once reads have gone through. */
async function healthOf(
  tier: ChaosTier,
  users: { get(id: string): Promise<unknown> },
): Promise<{ readonly pending: number }> {
  await users.get("anything");
  await fleet.settled();
  const before = tier.removals.length;
  await users.get("anything else");
  return { pending: tier.removals.length - before };
}
