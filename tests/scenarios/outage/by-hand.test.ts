import { circuitBreaker } from "@tiercache/circuit-breaker";
import { createCache, guard, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { chaos } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { FencedFleet } from "../fence/fenced-fleet.ts";
import { passesIn, statesIn } from "./cut-off.ts";

let fleet: FencedFleet;

beforeEach(() => {
  fleet = new FencedFleet();
});

const states = (): readonly string[] => statesIn(fleet);
const passes = (ms: number): Promise<void> => passesIn(fleet, ms);

describe("by hand", () => {
  test("a tier is taken out of use and back, and told then what it missed", async () => {
    const { cache, tier } = fleet.process();
    const users = cache.namespace("user", { load: (id) => id });
    await users.get("7");
    await fleet.settled();
    cache.isolate("memory");
    tier.clearCalls();
    expect(await users.invalidate("7")).toEqual({ status: "queued" });
    await passes(minutes(1));
    expect(tier.count()).toBe(0);
    cache.release();
    await passes(0);
    expect(states()).toEqual(["isolated", "open", "half-open", "closed"]);
    expect(fleet.server.keys).not.toContain("user:7");
  });

  test("a tier that there is none of is refused by name", () => {
    const { cache } = fleet.process();
    expect(() => cache.isolate("lru")).toThrow(
      'The argument of isolate is "lru"; allowed is the name of a remote tier: memory',
    );
  });
});

describe("a breaker of one's own", () => {
  test("takes the place of the cache's, and closes only when the tier was told all that it missed", async () => {
    const tier = chaos(fleet.server.tier());
    const breaker = circuitBreaker({ failures: 1, openMs: 5_000, clock: fleet.clock });
    const { clock, observer } = fleet;
    const guarded = guard(tier, breaker);
    const cache = createCache({ tiers: [lru(), guarded], clock, observer, horizonMs: Number.POSITIVE_INFINITY });
    const users = cache.namespace("user", { load: (id) => id });
    await users.get("7");
    await fleet.settled();
    tier.fail();
    await users.get("8");
    expect([breaker.state, states()]).toEqual(["open", ["open"]]);
    await users.invalidate("7");
    tier.heal();
    await passes(2_000);
    expect(breaker.state).toBe("open");
    tier.hold("remove", "request");
    while (tier.heldCalls.length === 0) await passes(50);
    expect(breaker.state).toBe("half-open");
    tier.release();
    await fleet.settled();
    expect([breaker.state, fleet.server.keys.includes("user:7")]).toEqual(["closed", false]);
  });

  test("that is opened by hand keeps the cache from asking", async () => {
    const tier = chaos(fleet.server.tier());
    const breaker = circuitBreaker({ clock: fleet.clock });
    breaker.isolate();
    const cache = createCache({ tiers: [guard(tier, breaker)], clock: fleet.clock });
    expect(await cache.namespace("user", { load: (id) => id }).get("7")).toBe("7");
    expect(tier.count()).toBe(0);
  });
});

test.each([
  [{ failures: 0 }, "createCache.breaker.failures"],
  [{ openMs: 0 }, "createCache.breaker.openMs"],
  [{ surprise: 1 } as never, "createCache.breaker.surprise"],
])("breaker: %j is refused by name", (breaker, name) => {
  expect(() => createCache({ tiers: [fleet.server.tier()], breaker })).toThrow(name);
});

test("a breaker that counts to no end never opens", async () => {
  const { cache, tier } = fleet.process({ breaker: { failures: Number.POSITIVE_INFINITY } });
  tier.fail();
  const users = cache.namespace("user", { load: (id) => id });
  for (let read = 0; read < 20; read++) await users.get(`${read}`);
  expect(tier.count("read")).toBe(20);
});
