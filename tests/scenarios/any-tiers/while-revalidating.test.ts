import { minutes } from "@tiercache/core";
import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withRemote = inWorlds("remote");
const withLocal = inWorlds("local");
const inBoth = inWorlds("local", "remote");

const rules = { ttlMs: 100, staleWhileRevalidateMs: 50 };

/** A loader that counts its values up, the first of which it has at once; it ends each other load when told. */
function counting() {
  const loads: PromiseWithResolvers<number>[] = [];
  const load = vi.fn(() => {
    const next = Promise.withResolvers<number>();
    loads.push(next);
    if (loads.length === 1) next.resolve(1);
    return next.promise;
  });
  return {
    load,
    /** Ends the load of a number, counted from 1, with that number. */
    end: (number: number): void => loads[number - 1]?.resolve(number),
    fail: (number: number, error: Error): void => loads[number - 1]?.reject(error),
  };
}

describe("a value past its time to live", () => {
  inEveryWorld("is served at once while one load refreshes it behind, however many ask", async (world) => {
    const { load, end } = counting();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(120);
    expect(await Promise.all([numbers.get("a"), numbers.get("a"), numbers.get("a")])).toEqual([1, 1, 1]);
    await world.settled();
    expect(load).toHaveBeenCalledTimes(2);
    expect(await numbers.get("a")).toBe(1);
    end(2);
    await world.settled();
    await world.everyTierHolds(numbers, "a", 2);
    expect(await numbers.get("a")).toBe(2);
    expect(load).toHaveBeenCalledTimes(2);
    const told = world.observer.of("stale");
    expect(new Set(told.map(({ ageMs, why }) => `${ageMs} ${why}`))).toEqual(new Set(["20 revalidating"]));
  });

  withLocal("is told of to the observer at each read that was answered so", async (world) => {
    const { load } = counting();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    world.clock.advance(120);
    await Promise.all([numbers.get("a"), numbers.get("a"), numbers.get("a")]);
    await numbers.get("a");
    const told = { type: "stale", namespace: "n", ageMs: 20, why: "revalidating" };
    expect(world.observer.of("stale")).toEqual([told, told, told, told]);
  });

  inEveryWorld("is not served any longer after that, but waited for", async (world) => {
    const { load, end } = counting();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(150);
    const second = numbers.get("a");
    await world.settled();
    end(2);
    expect(await second).toBe(2);
    expect(world.observer.count("stale")).toBe(0);
  });

  inEveryWorld("is served to the last millisecond of that time", async (world) => {
    const { load } = counting();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(149);
    expect(await numbers.read("a")).toMatchObject({ value: 1, ageMs: 149, stale: "revalidating" });
  });

  inEveryWorld("is not served after that by a refresh that is still going on either", async (world) => {
    const { load, end } = counting();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(120);
    expect(await numbers.get("a")).toBe(1);
    await world.settled();
    world.clock.advance(30);
    const late = Promise.all([numbers.get("a"), numbers.getMany(["a"]), numbers.read("a")]);
    await world.settled();
    end(2);
    expect(await late).toMatchObject([2, [2], { value: 2, stale: undefined }]);
    expect(load).toHaveBeenCalledTimes(2);
  });

  withRemote("is served from the remote tier too, by a process that never held it", async (world) => {
    const { load, end } = counting();
    await world
      .process()
      .namespace("n", { load, ...rules })
      .get("a");
    await world.settled();
    world.clock.advance(120);
    const numbers = world.process().namespace("n", { load, ...rules });
    expect(await numbers.get("a")).toBe(1);
    expect(await numbers.get("a")).toBe(1);
    expect(load).toHaveBeenCalledTimes(2);
    end(2);
    await world.settled();
    expect(await numbers.get("a")).toBe(2);
  });

  withRemote("is refreshed by what another process has loaded meanwhile, without a load", async (world) => {
    const load = vi.fn(() => world.clock.now());
    const here = world.process().namespace("time", { load, ...rules });
    await here.get("t");
    await world.settled();
    world.clock.advance(110);
    const there = world.process().namespace("time", { load, ttlMs: 100 });
    expect(await there.get("t")).toBe(110);
    await world.settled();
    await here.get("t");
    await world.settled();
    expect(await here.get("t")).toBe(110);
    expect(load).toHaveBeenCalledTimes(2);
  });

  inBoth("answers meanwhile, until what the other process has loaded is there", async (world) => {
    const load = () => world.clock.now();
    const here = world.process().namespace("time", { load, ...rules });
    await here.get("t");
    await world.settled();
    world.clock.advance(110);
    const there = world.process().namespace("time", { load, ttlMs: 100 });
    expect(await there.get("t")).toBe(110);
    await world.settled();
    expect(await here.get("t")).toBe(0);
    await world.settled();
    expect(await here.get("t")).toBe(110);
  });

  withLocal("stays what it was when its refresh fails, and is tried again only after a while", async (world) => {
    const { load, fail } = counting();
    const numbers = world.process().namespace("n", { load, ...rules, staleIfErrorMs: 50, retryLoadAfterMs: 10 });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(105);
    expect(await numbers.get("a")).toBe(1);
    await world.settled();
    fail(2, new Error("origin is away"));
    await world.settled();
    world.clock.advance(9);
    expect(await numbers.get("a")).toBe(1);
    await world.settled();
    expect(load).toHaveBeenCalledTimes(2);
    world.clock.advance(1);
    expect(await numbers.get("a")).toBe(1);
    await world.settled();
    expect(load).toHaveBeenCalledTimes(3);
  });

  inEveryWorld("is not brought back by its refresh once the key was invalidated", async (world) => {
    const { load, end } = counting();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(110);
    await numbers.get("a");
    await world.settled();
    await numbers.invalidate("a");
    end(2);
    await world.settled();
    await world.everyTierHolds(numbers, "a", undefined);
    expect(world.observer.count("superseded")).toBe(1);
  });

  inEveryWorld("is answered and refreshed in a batch as in a single read, with one load for all", async (world) => {
    const loadMany = vi.fn((keys: readonly (readonly [string])[]) => keys.map(([id]) => `${id}${world.clock.now()}`));
    const texts = world.process().namespace("text", { loadMany, ...rules });
    await texts.getMany(["a", "b"]);
    await world.settled();
    world.clock.advance(110);
    expect(await texts.getMany(["a", "b", "c"])).toEqual(["a0", "b0", "c110"]);
    await world.settled();
    expect(loadMany).toHaveBeenCalledTimes(2);
    expect(await texts.getMany(["a", "b", "c"])).toEqual(["a110", "b110", "c110"]);
  });
});

describe("a value that no namespace may serve stale", () => {
  inEveryWorld("is waited for by every reader after its time to live", async (world) => {
    const load = vi.fn(() => world.clock.now());
    const times = world.process().namespace("time", { load });
    await times.get("t");
    await world.settled();
    world.clock.advance(minutes(1));
    expect(await times.get("t")).toBe(minutes(1));
    expect(world.observer.count("stale")).toBe(0);
  });
});
