import { minutes } from "@tiercache/core";
import { describe, expect, vi } from "vitest";
import { inWorlds, type World } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withRemote = inWorlds("remote");
const inBoth = inWorlds("local", "remote");

/** A namespace whose values are the instants at which they were loaded. */
function timesOf(world: World, rules: object = {}) {
  const load = vi.fn(() => world.clock.now());
  return { load, times: world.process().namespace<number>("time", { load, ...rules }) };
}

describe("a life", () => {
  inEveryWorld("for ever never ends", async (world) => {
    const { load, times } = timesOf(world, { ttlMs: Number.POSITIVE_INFINITY });
    await times.get("t");
    await world.settled();
    world.clock.advance(1e15);
    expect(await times.get("t")).toBe(0);
    expect(load).toHaveBeenCalledTimes(1);
  });

  inEveryWorld("longer than a timer can run ends when it should", async (world) => {
    const { times } = timesOf(world, { ttlMs: 2 ** 33 });
    await times.get("t");
    await world.settled();
    world.clock.advance(2 ** 33 - 1);
    expect(await times.get("t")).toBe(0);
    world.clock.advance(1);
    expect(await times.get("t")).toBe(2 ** 33);
  });

  inEveryWorld("ends in every tier at the same instant", async (world) => {
    const { times } = timesOf(world, { ttlMs: 100 });
    await times.get("t");
    await world.settled();
    world.clock.advance(99);
    await world.everyTierHolds(times, "t", 0);
    world.clock.advance(1);
    await world.everyTierHolds(times, "t", undefined);
  });

  withRemote("is no longer in another process than where the value was loaded", async (world) => {
    const here = timesOf(world);
    await here.times.get("t");
    await world.settled();
    world.clock.advance(minutes(1) - 10);
    const there = timesOf(world);
    expect(await there.times.get("t")).toBe(0);
    world.clock.advance(9);
    expect(await there.times.get("t")).toBe(0);
    world.clock.advance(1);
    expect(await there.times.get("t")).toBe(minutes(1));
    expect(there.load).toHaveBeenCalledTimes(1);
  });

  withRemote("is what is left of it in each tier that is given a copy, however deep the value was", async (world) => {
    const rules = { ttlMs: 100, staleIfErrorMs: 50 };
    const deepest = world.process({ tiers: world.remotes.slice(-1) as never });
    await deepest.namespace("time", { load: () => 0, ...rules }).get("t");
    await world.settled();
    world.clock.advance(60);
    const { load, times } = timesOf(world, rules);
    expect(await times.read("t")).toMatchObject({ value: 0, source: world.tierNames.at(-1), ageMs: 60 });
    await world.settled();
    const left = { ageMs: 60, freshForMs: 40, usefulForMs: 90 };
    const { tiers } = await times.explain("t");
    expect(tiers).toEqual(world.tierNames.map((tier) => expect.objectContaining({ tier, holds: "fresh", ...left })));
    world.clock.advance(39);
    await world.everyTierHolds(times, "t", 0);
    world.clock.advance(1);
    await world.everyTierHolds(times, "t", undefined);
    expect(load).not.toHaveBeenCalled();
  });
});

describe("a life that the value decides", () => {
  inEveryWorld("is that of each value", async (world) => {
    const load = (id: string) => ({ id, ttlMs: id === "short" ? 10 : 100 });
    const things = world.process().namespace("thing", { load, ttlMs: ({ ttlMs }) => ttlMs });
    await things.getMany(["short", "long"]);
    await world.settled();
    world.clock.advance(10);
    await world.everyTierHolds(things, "short", undefined);
    await world.everyTierHolds(things, "long", { id: "long", ttlMs: 100 });
  });

  inEveryWorld("of nothing hands the value out and keeps it nowhere", async (world) => {
    const load = vi.fn(() => 1);
    const numbers = world.process().namespace("n", { load, ttlMs: () => 0 });
    expect(await numbers.get("a")).toBe(1);
    await world.settled();
    expect(await numbers.get("a")).toBe(1);
    await world.settled();
    expect(load).toHaveBeenCalledTimes(2);
    expect(world.calls("write")).toBe(0);
    expect(world.observer.count("not-kept")).toBe(2);
  });

  inEveryWorld("of nothing leaves no older value behind a set", async (world) => {
    const numbers = world.process().namespace<number>("n", { ttlMs: (value) => (value > 1 ? 0 : 100) });
    await numbers.set("a", 1);
    await numbers.set("a", 2);
    await world.everyTierHolds(numbers, "a", undefined);
  });
});

describe("a negative entry", () => {
  inEveryWorld("is an answer like any other, and not loaded again", async (world) => {
    const load = vi.fn((): string | undefined => undefined);
    const texts = world.process().namespace("text", { load });
    await texts.get("a");
    await world.settled();
    const source = world.tierNames[0];
    expect(await texts.read("a")).toEqual({ value: undefined, source, ageMs: 0, stale: undefined });
    expect(load).toHaveBeenCalledTimes(1);
  });

  inEveryWorld("may have another life than a value", async (world) => {
    const load = vi.fn((id: string): string | undefined => (id === "there" ? id : undefined));
    const texts = world.process().namespace("text", { load, ttlMs: 1_000, negativeTtlMs: 10 });
    await texts.getMany(["there", "absent"]);
    await world.settled();
    world.clock.advance(9);
    await texts.getMany(["there", "absent"]);
    expect(load).toHaveBeenCalledTimes(2);
    world.clock.advance(1);
    expect(await texts.getMany(["there", "absent"])).toEqual(["there", undefined]);
    expect(load.mock.calls.map(([id]) => id)).toEqual(["there", "absent", "absent"]);
  });
});

describe("a loader", () => {
  inEveryWorld("may decide how long what it loads is kept", async (world) => {
    const load = (id: string, { keepFor }: { readonly keepFor: (ttlMs: number) => void }) => {
      keepFor(50);
      return id;
    };
    const texts = world.process().namespace("text", { load, ttlMs: 1_000 });
    await texts.get("a");
    await world.settled();
    world.clock.advance(49);
    await world.everyTierHolds(texts, "a", "a");
    world.clock.advance(1);
    await world.everyTierHolds(texts, "a", undefined);
  });

  inEveryWorld("may ask that what it loads is not kept at all", async (world) => {
    const texts = world.process().namespace("text", {
      load: (id, context) => {
        context.keepFor(0);
        return id;
      },
    });
    expect(await texts.get("a")).toBe("a");
    await world.settled();
    await world.everyTierHolds(texts, "a", undefined);
    expect(world.calls("write")).toBe(0);
  });

  inEveryWorld("may decide so for its answer that there is none", async (world) => {
    const texts = world.process().namespace("text", {
      load: (_id, context): string | undefined => {
        context.keepFor(500);
        return undefined;
      },
      negativeTtlMs: 10,
    });
    await texts.get("a");
    await world.settled();
    world.clock.advance(499);
    expect(await texts.read("a")).toMatchObject({ source: world.tierNames[0], ageMs: 499 });
  });

  inEveryWorld("that decides for nonsense fails with an error that says what is allowed", async (world) => {
    const texts = world.process().namespace("text", {
      load: (id, context) => {
        context.keepFor(Number.NaN);
        return id;
      },
    });
    await expect(texts.get("a")).rejects.toThrow("keepFor is NaN; allowed is a number of milliseconds of at least 0.");
  });
});

describe("a limit of the local tier", () => {
  inBoth("makes a process ask the remote tier again, which still has the value", async (world) => {
    const { load, times } = timesOf(world, { ttlMs: 1_000, local: { ttlMs: 100 } });
    await times.get("t");
    await world.settled();
    world.clock.advance(100);
    expect(times.peek("t")).toBeUndefined();
    expect(await times.get("t")).toBe(0);
    expect(load).toHaveBeenCalledTimes(1);
    expect(world.remotes[0]?.count("read")).toBe(2);
    world.clock.advance(900);
    expect(await times.get("t")).toBe(1_000);
  });

  inBoth("holds for values that were set too", async (world) => {
    const texts = world.process().namespace<string>("text", { local: { ttlMs: 100 } });
    await texts.set("a", "v");
    world.clock.advance(100);
    expect(texts.peek("a")).toBeUndefined();
    expect(await texts.get("a")).toBe("v");
  });
});
