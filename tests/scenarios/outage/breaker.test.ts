import { CacheError, minutes } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { FencedFleet } from "../fence/fenced-fleet.ts";
import { cutOff, passesIn, statesIn } from "./cut-off.ts";

let fleet: FencedFleet;

beforeEach(() => {
  fleet = new FencedFleet();
});

const states = (): readonly string[] => statesIn(fleet);
const passes = (ms: number): Promise<void> => passesIn(fleet, ms);

describe("a tier that has failed three times in a row", () => {
  test("is not called any more: a read sets no timer for it and awaits nothing of it", async () => {
    const { tier, users, load } = await cutOff(fleet);
    const pending = fleet.clock.pending;
    const setTimer = vi.spyOn(fleet.clock, "after");
    const reads = Array.from({ length: 20 }, (_, id) => users.get(`cold-${id}`));
    // Microtasks alone: no turn of the event loop passes.
    for (let turn = 0; turn < 40; turn++) await Promise.resolve();
    expect(load).toHaveBeenCalledTimes(20);
    expect(await Promise.all(reads)).toHaveLength(20);
    expect(tier.count()).toBe(0);
    // The hard timeouts of the loads, which have ended.
    expect(
      setTimer.mock.calls.every(([delayMs]) => delayMs === minutes(1) || delayMs === Number.POSITIVE_INFINITY),
    ).toBe(true);
    expect(fleet.clock.pending).toBe(pending);
  });

  test("takes no writes and no removals: they are queued at once", async () => {
    const { tier, users } = await cutOff(fleet);
    expect(await users.set("x", "v")).toEqual({ status: "queued" });
    expect(await users.invalidate("known")).toEqual({ status: "queued" });
    expect(tier.count()).toBe(0);
  });

  test("is told of as one change, and each call that is not made as a refusal", async () => {
    const { users } = await cutOff(fleet);
    expect(fleet.observer.of("breaker-changed")).toEqual([
      { type: "breaker-changed", tier: "memory", state: "open", was: "closed" },
    ]);
    const failures = fleet.observer.count("tier-failed");
    await users.get("x");
    expect(fleet.observer.of("breaker-refused")).toContainEqual({
      type: "breaker-refused",
      tier: "memory",
      operation: "read",
    });
    expect(fleet.observer.count("tier-failed")).toBe(failures);
  });

  test("is explained as such", async () => {
    const { users } = await cutOff(fleet);
    const { tiers, breakers } = await users.explain("x");
    expect(tiers).toContainEqual({ tier: "memory", holds: "unreachable", code: "BREAKER_OPEN" });
    expect(breakers).toEqual({ memory: "open" });
  });

  test("is probed by the cache, longer apart each time, and by no reader", async () => {
    const { tier, users } = await cutOff(fleet);
    for (let second = 0; second < 20; second++) {
      await passes(100);
      await users.get(`read ${second}`);
    }
    const asked = tier.reads.flat();
    expect(new Set(asked)).toEqual(new Set(["tiercache:probe"]));
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.length).toBeLessThan(20);
  });

  test("is used again once it answers", async () => {
    const { tier, users } = await cutOff(fleet);
    tier.heal();
    await passes(100);
    expect(states()).toEqual(["open", "half-open", "closed"]);
    expect(await users.read("known", { skipReading: ["lru"] })).toMatchObject({ source: "memory" });
    expect(await users.set("x", "v")).toEqual({ status: "done" });
  });
});

describe("a tier that hangs", () => {
  test("is left alone from the first missed deadline on, where several have asked", async () => {
    const { cache, tier } = fleet.process({ deadlineMs: 200 });
    const users = cache.namespace("user", { load: (id) => id });
    tier.hang();
    const reads: Promise<unknown>[] = [];
    for (let at = 0; at < 200; at += 20) {
      reads.push(users.get(`${at}`));
      await fleet.settled();
      fleet.clock.advance(20);
    }
    await reads[0];
    expect(states()).toEqual(["open"]);
    tier.clearCalls();
    expect(await users.get("later")).toBe("later");
    expect(tier.count("read")).toBe(0);
    fleet.clock.advance(200);
    await Promise.all(reads);
    tier.release();
  });

  test("is asked on while others are answered: one slow call does not stand for all", async () => {
    const { cache, tier } = fleet.process({ deadlineMs: 200 });
    const users = cache.namespace<string>("user");
    await fleet.settled();
    tier.hold("read");
    const slow: Promise<unknown>[] = [];
    for (const id of ["a", "b", "c", "d"]) {
      slow.push(users.get(id));
      await fleet.settled();
      fleet.clock.advance(10);
    }
    fleet.clock.advance(60);
    const quick = users.get("quick");
    await fleet.settled();
    tier.heldCalls.at(-1)?.release();
    await quick;
    fleet.clock.advance(100);
    await slow[0];
    expect(fleet.observer.count("tier-failed")).toBe(1);
    expect(states()).toEqual([]);
    tier.release();
    await Promise.all(slow);
  });

  test("is noticed by the bus alone: hits go on, and no reader waits for it when their proof has run out", async () => {
    const { cache, tier } = fleet.process({ horizonMs: 1_000, deadlineMs: 200 });
    const users = cache.namespace("user", { load: (id) => id });
    for (let at = 0; at < 200; at += 50) await passes(50);
    await users.get("7");
    await passes(50);
    tier.hang();
    for (let at = 0; at < 1_500; at += 50) await passes(50);
    expect(states()[0]).toBe("open");
    tier.clearCalls();
    expect(await users.read("7")).toMatchObject({ value: "7", source: "lru", stale: "uncertified" });
    expect(tier.count("read")).toBe(0);
    tier.release();
  });
});

describe("a tier is not held to have failed", () => {
  test("by what it refuses while it is well", async () => {
    const { cache, tier } = fleet.process();
    const users = cache.namespace<string>("user");
    tier.fail(new CacheError("TIER_FAILED", "full", { cause: { code: "OOM", refused: true } }), "write");
    for (let write = 0; write < 10; write++) await users.set(`${write}`, "v");
    expect(states()).toEqual([]);
  });

  test("by failures between which it answers", async () => {
    const { cache, tier } = fleet.process();
    const users = cache.namespace<string>("user");
    await fleet.settled();
    for (let read = 0; read < 10; read++) {
      tier.fail();
      await users.get(`${read}`);
      await users.get(`${read}`);
      tier.heal();
      await users.get(`${read}`);
    }
    expect(states()).toEqual([]);
  });
});
