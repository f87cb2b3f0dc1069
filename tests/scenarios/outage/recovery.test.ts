import { CacheError } from "@tiercache/core";
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
    const { cache, tier, users } = await cutOff(fleet);
    await users.invalidate("0");
    tier.heal();
    tier.hold("remove", "request");
    fleet.clock.advance(100);
    await fleet.settled();
    let turns = 0;
    for (; states().at(-1) !== "closed" && turns < 20; turns++) {
      const [held] = tier.heldCalls;
      // One more for each that is told.
      await users.invalidate(`${turns + 1}`);
      held?.release();
      await fleet.settled();
    }
    expect(turns).toBeLessThan(3);
    tier.release();
    await fleet.settled();
    expect((await cache.health()).tiers[0]?.pendingRemovals).toBe(0);
    expect(tier.removals.flat()).toContain("user:1");
  });
});
