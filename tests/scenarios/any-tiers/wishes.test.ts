import { seconds } from "@tiercache/core";
import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withRemote = inWorlds("remote");
const withLocal = inWorlds("local");

inWorlds()("a read that insists on a load is refused where there is no loader", async (world) => {
  const texts = world.process().namespace<string>("text");
  await texts.set("a", "held");
  // @ts-expect-error the type refuses it too
  const read = texts.read("a", { from: "load" });
  await expect(read).rejects.toMatchObject({
    code: "INVALID_OPTION",
    message: 'text.read.from is "load"; allowed is "any" or "cached", as the namespace has no loader.',
  });
});

describe("a reading", () => {
  const rules = { ttlMs: 100, staleIfErrorMs: 500 };

  inEveryWorld("says which tier had the value, how old it is and whether it is fresh", async (world) => {
    const [nearest] = world.tierNames;
    const load = vi.fn((id: string) => id);
    const texts = world.process().namespace("text", { load, ...rules });
    expect(await texts.read("a")).toEqual({ value: "a", source: "loader", ageMs: 0, stale: undefined });
    await world.settled();
    world.clock.advance(30);
    expect(await texts.read("a")).toEqual({ value: "a", source: nearest, ageMs: 30, stale: undefined });
    load.mockImplementation(() => {
      throw new Error("away");
    });
    world.clock.advance(100);
    expect(await texts.read("a")).toEqual({ value: "a", source: nearest, ageMs: 130, stale: "load-failed" });
  });

  withLocal("of a value whose load has failed a short while ago says so", async (world) => {
    const load = vi.fn<() => Promise<string>>().mockResolvedValueOnce("a").mockRejectedValue(new Error("away"));
    const texts = world.process().namespace("text", { load, ...rules });
    await texts.get("a");
    await world.settled();
    world.clock.advance(130);
    await texts.get("a");
    expect(await texts.read("a")).toEqual({ value: "a", source: "lru", ageMs: 130, stale: "held" });
  });

  withRemote("of what another process has loaded tells its age from then", async (world) => {
    await world
      .process()
      .namespace("text", { load: (id) => id, ...rules })
      .get("a");
    await world.settled();
    world.clock.advance(30);
    const there = world.process().namespace<string>("text", rules);
    expect(await there.read("a")).toEqual({ value: "a", source: "near", ageMs: 30, stale: undefined });
  });

  inEveryWorld("of a value that is being refreshed says so", async (world) => {
    const times = world.process().namespace("time", {
      load: () => world.clock.now(),
      ttlMs: 100,
      staleWhileRevalidateMs: 100,
    });
    await times.get("t");
    await world.settled();
    world.clock.advance(150);
    const source = world.tierNames[0];
    expect(await times.read("t")).toEqual({ value: 0, source, ageMs: 150, stale: "revalidating" });
  });

  inEveryWorld("given by the soft timeout says so, though the load brings another value", async (world) => {
    const slow = Promise.withResolvers<number>();
    const load = vi.fn<() => number | Promise<number>>().mockReturnValueOnce(1).mockReturnValueOnce(slow.promise);
    const numbers = world.process().namespace("n", { load, ...rules, softTimeoutMs: 20 });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(200);
    const reading = numbers.read("a");
    await world.settled();
    world.clock.advance(20);
    const source = world.tierNames[0];
    expect(await reading).toEqual({ value: 1, source, ageMs: 220, stale: "soft-timeout" });
    slow.resolve(2);
  });

  inEveryWorld("of nothing has no source", async (world) => {
    const texts = world.process().namespace<string>("text");
    expect(await texts.read("a")).toEqual({ value: undefined, source: undefined, ageMs: undefined, stale: undefined });
  });
});

describe("a read from the loader", () => {
  inEveryWorld("loads now, whatever the tiers hold, and replaces it there", async (world) => {
    const times = world.process().namespace("time", { load: () => world.clock.now() });
    await times.get("t");
    await world.settled();
    const reads = world.calls("read");
    world.clock.advance(10);
    expect(await times.read("t", { from: "load" })).toMatchObject({ value: 10, source: "loader" });
    expect(world.calls("read")).toBe(reads);
    await world.settled();
    expect(await times.get("t")).toBe(10);
    await world.everyTierHolds(times, "t", 10);
  });

  inEveryWorld("does not join a load that began before it, and is not undone by that one", async (world) => {
    const loads = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    let begun = 0;
    const texts = world.process().namespace("text", { load: () => loads[begun++]?.promise ?? "never" });
    const early = texts.get("a");
    await world.settled();
    const forced = texts.read("a", { from: "load" });
    await world.settled();
    loads[1]?.resolve("new");
    expect(await forced).toMatchObject({ value: "new" });
    loads[0]?.resolve("old");
    expect(await early).toBe("old");
    await world.settled();
    await world.everyTierHolds(texts, "a", "new");
  });

  inEveryWorld("that fails is the caller's failure, and leaves what was cached", async (world) => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValueOnce(new Error("away"));
    const numbers = world.process().namespace("n", { load, staleIfErrorMs: seconds(10) });
    await numbers.get("a");
    await world.settled();
    await expect(numbers.read("a", { from: "load" })).rejects.toThrow("away");
    await world.everyTierHolds(numbers, "a", 1);
    expect(await numbers.get("a")).toBe(1);
  });
});

describe("a read of what is cached", () => {
  inEveryWorld("never loads", async (world) => {
    const load = vi.fn((id: string) => id);
    const texts = world.process().namespace("text", { load });
    expect(await texts.read("a", { from: "cached" })).toMatchObject({ value: undefined, source: undefined });
    expect(load).not.toHaveBeenCalled();
    await texts.get("a");
    await world.settled();
    expect(await texts.read("a", { from: "cached" })).toMatchObject({ value: "a", source: world.tierNames[0] });
    expect(load).toHaveBeenCalledTimes(1);
  });

  withRemote("finds what another process has loaded", async (world) => {
    await world
      .process()
      .namespace("text", { load: (id) => id })
      .get("a");
    await world.settled();
    const load = vi.fn((id: string) => id);
    const texts = world.process().namespace("text", { load });
    expect(await texts.read("a", { from: "cached" })).toMatchObject({ value: "a", source: "near" });
    expect(load).not.toHaveBeenCalled();
  });
});

inEveryWorld("a wrong wish is refused by name", async (world) => {
  const texts = world.process().namespace("text", { load: (id) => id });
  await expect(texts.read("a", { from: "disk" as "any" })).rejects.toThrow(
    'text.read.from is "disk"; allowed is "any", "load"',
  );
  await expect(texts.read("a", { fresh: true } as never)).rejects.toThrow("text.read.fresh is not an option");
});
