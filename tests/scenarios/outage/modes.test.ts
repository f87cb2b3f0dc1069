import { createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { manualClock, memoryTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { FencedFleet } from "../fence/fenced-fleet.ts";

let fleet: FencedFleet;

beforeEach(() => {
  fleet = new FencedFleet();
});

async function passes(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    fleet.clock.advance(50);
    await fleet.settled();
  }
}

/** A process that holds "7" and can neither hear nor ask any longer. */
async function cutOff(options: Parameters<FencedFleet["process"]>[0] = {}) {
  const { cache, tier } = fleet.process({ horizonMs: 1_000, ...options });
  let version = 1;
  const load = vi.fn(() => version);
  const users = cache.namespace("user", { load });
  const found = cache.namespace<number>("found");
  await passes(100);
  await users.get("7");
  await found.set("7", 1);
  tier.loseBus();
  tier.fail();
  await passes(1_100);
  load.mockClear();
  version = 2;
  return { cache, tier, users, found, load };
}

describe("serve-local, the default", () => {
  test("answers by what is held, flagged, and loads nothing", async () => {
    const { users, found, load } = await cutOff();
    expect(await users.read("7")).toMatchObject({ value: 1, source: "lru", stale: "uncertified" });
    expect(await users.get("7")).toBe(1);
    expect(await users.getMany(["7"])).toEqual([1]);
    expect(await found.read("7")).toMatchObject({ value: 1, source: "lru", stale: "uncertified" });
    expect(await found.getMany(["7"])).toEqual([1]);
    expect(load).not.toHaveBeenCalled();
    expect(fleet.observer.of("stale").every(({ why }) => why === "uncertified")).toBe(true);
  });

  test("keeps what is loaded meanwhile for a short while only", async () => {
    const { users, load } = await cutOff();
    expect(await users.get("new")).toBe(2);
    await passes(4_900);
    expect(await users.get("new")).toBe(2);
    expect(load).toHaveBeenCalledTimes(1);
    await passes(200);
    expect(await users.get("new")).toBe(2);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("keeps what is loaded meanwhile not at all where that is asked for", async () => {
    const { users, load } = await cutOff({ islandTtlMs: 0 });
    await users.get("new");
    await users.get("new");
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("does not shorten the life of what is loaded while the tier can be asked", async () => {
    const { cache } = fleet.process({ horizonMs: 1_000 });
    const load = vi.fn(() => 1);
    const users = cache.namespace("user", { load });
    await passes(100);
    await users.get("7");
    await passes(6_000);
    expect(users.peek("7")).toBe(1);
  });
});

describe("distrust-local", () => {
  test("answers by nothing that is not certified: whoever asks gets a load, shared by all who ask meanwhile", async () => {
    const { users, found, load } = await cutOff({ onDisconnect: "distrust-local" });
    expect(await users.read("7")).toMatchObject({ value: 2, source: "loader", stale: undefined });
    expect(await Promise.all([users.get("7"), users.get("7")])).toEqual([2, 2]);
    expect(load).toHaveBeenCalledTimes(2);
    expect(await users.getMany(["7"])).toEqual([2]);
    expect(await found.get("7")).toBeUndefined();
    expect(await found.getMany(["7"])).toEqual([undefined]);
  });

  test("goes on answering within the horizon", async () => {
    const { cache, tier } = fleet.process({ horizonMs: 1_000, onDisconnect: "distrust-local" });
    const users = cache.namespace("user", { load: vi.fn(() => 1) });
    await passes(100);
    await users.get("7");
    tier.loseBus();
    tier.fail();
    await passes(500);
    expect(await users.read("7")).toMatchObject({ source: "lru", stale: undefined });
  });

  test("believes what it holds again once the server says that it still holds", async () => {
    const { tier, users } = await cutOff({ onDisconnect: "distrust-local" });
    tier.heal();
    tier.healBus();
    await passes(3_000);
    expect(await users.read("7")).toMatchObject({ source: "memory", stale: undefined });
  });
});

describe("the local tier answers without being asked to end", () => {
  const life = { ttlMs: minutes(60) };

  /** After how many whole minutes a value is no longer answered for by the local tier. */
  async function minutesHeld(cache: ReturnType<typeof createCache>, clock: ReturnType<typeof manualClock>, rules = {}) {
    const users = cache.namespace<string>("user", { ...life, ...rules });
    // What is kept before listening has begun is confirmed once.
    await fleet.settled();
    await users.set("7", "v");
    for (let minute = 1; minute <= 60; minute++) {
      clock.advance(minutes(1));
      if (users.peek("7") === undefined) return minute;
    }
    return undefined;
  }

  test("for a minute above tiers without a bus, for five with one, and to the end of its life above none", async () => {
    const clock = manualClock();
    expect(await minutesHeld(createCache({ tiers: [lru(), memoryTier({ clock })], clock }), clock)).toBe(1);
    expect(await minutesHeld(fleet.process().cache, fleet.clock)).toBe(5);
    expect(await minutesHeld(createCache({ tiers: [lru()], clock }), clock)).toBe(60);
  });

  test("as long as it is told to, and as long as a sliding value lives", async () => {
    const rules = { local: { ttlMs: Number.POSITIVE_INFINITY } };
    expect(await minutesHeld(fleet.process().cache, fleet.clock, rules)).toBe(60);
    expect(await minutesHeld(fleet.process().cache, fleet.clock, { sliding: true })).toBeGreaterThan(5);
  });
});

test.each([
  [{ onDisconnect: "panic" as never }, "onDisconnect"],
  [{ islandTtlMs: -1 }, "islandTtlMs"],
  [{ unref: 1 as never }, "unref"],
])("%j is refused by name", (options, name) => {
  expect(() => createCache({ tiers: [lru()], ...options })).toThrow(`createCache.${name}`);
});
