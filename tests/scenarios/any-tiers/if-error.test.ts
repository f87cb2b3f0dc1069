import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withLocal = inWorlds("local");
const withRemote = inWorlds("remote");

const rules = { ttlMs: 100, staleIfErrorMs: 1_000, retryLoadAfterMs: 30 };
const away = new Error("origin is away");

/** A loader that brings 1 and then fails for good. */
function failingSecond() {
  return vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(away);
}

describe("when the loader fails", () => {
  inEveryWorld(
    "the last value is served for as long as that is allowed, then the failure is the caller's",
    async (world) => {
      const numbers = world.process().namespace("n", { load: failingSecond(), ...rules });
      await numbers.get("a");
      await world.settled();
      world.clock.advance(200);
      expect(await numbers.get("a")).toBe(1);
      world.clock.advance(899);
      expect(await numbers.get("a")).toBe(1);
      world.clock.advance(1);
      await expect(numbers.get("a")).rejects.toBe(away);
      expect(world.observer.of("stale")).toEqual([
        { type: "stale", namespace: "n", ageMs: 100, why: "load-failed" },
        { type: "stale", namespace: "n", ageMs: 999, why: "load-failed" },
      ]);
    },
  );

  withLocal("no further load is tried for a while, measured from the failure", async (world) => {
    const load = failingSecond();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(500);
    await numbers.get("a");
    world.clock.advance(29);
    expect(await Promise.all([numbers.get("a"), numbers.getMany(["a", "a"])])).toEqual([1, [1, 1]]);
    expect(load).toHaveBeenCalledTimes(2);
    world.clock.advance(1);
    await numbers.get("a");
    expect(load).toHaveBeenCalledTimes(3);
  });

  inEveryWorld("a value comes back to life as soon as a load succeeds", async (world) => {
    const load = failingSecond();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(200);
    expect(await numbers.get("a")).toBe(1);
    world.clock.advance(30);
    load.mockResolvedValueOnce(2);
    expect(await numbers.get("a")).toBe(2);
    await world.settled();
    await world.everyTierHolds(numbers, "a", 2);
    expect(await numbers.get("a")).toBe(2);
    expect(load).toHaveBeenCalledTimes(3);
  });

  withRemote("the last value of another process is served from the remote tier", async (world) => {
    await world
      .process()
      .namespace("n", { load: () => 1, ...rules })
      .get("a");
    await world.settled();
    world.clock.advance(200);
    const load = vi.fn(() => Promise.reject<number>(away));
    const numbers = world.process().namespace<number>("n", { load, ...rules });
    expect(await numbers.read("a")).toMatchObject({ value: 1, source: "near", stale: "load-failed" });
    expect(await numbers.get("a")).toBe(1);
  });

  inWorlds("local", "remote")("who was served so from the remote tier waits for the next try too", async (world) => {
    await world.process().namespace<number>("n", rules).set("a", 1);
    world.clock.advance(200);
    const load = vi.fn(() => Promise.reject<number>(away));
    const numbers = world.process().namespace<number>("n", { load, ...rules });
    for (let read = 0; read < 3; read++) expect(await numbers.get("a")).toBe(1);
    expect(load).toHaveBeenCalledTimes(1);
  });

  inEveryWorld("nothing stale is served of a key that was deleted while the load ran", async (world) => {
    const answer = Promise.withResolvers<number>();
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockReturnValueOnce(answer.promise);
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(200);
    const reading = numbers.get("a");
    await world.settled();
    await numbers.delete("a");
    answer.reject(away);
    await expect(reading).rejects.toBe(away);
    await world.settled();
    const { tiers } = await numbers.explain("a");
    expect(tiers).toEqual(world.tierNames.map((tier) => ({ tier, holds: "nothing" })));
  });

  inEveryWorld(
    "each key of a batch is served its own stale value, and the failure is for those without one",
    async (world) => {
      const loadMany = vi
        .fn<(keys: readonly (readonly [string])[]) => Promise<string[]>>()
        .mockResolvedValueOnce(["a1", "b1"])
        .mockRejectedValue(away);
      const texts = world.process().namespace("text", { loadMany, ...rules });
      await texts.getMany(["a", "b"]);
      await world.settled();
      world.clock.advance(200);
      expect(await texts.getMany(["b", "a"])).toEqual(["b1", "a1"]);
      await expect(texts.getMany(["a", "c"])).rejects.toBe(away);
    },
  );

  inEveryWorld("a stale value is never taken for a fresh one by a read that loads nothing", async (world) => {
    const numbers = world.process().namespace("n", { load: failingSecond(), ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(200);
    await numbers.get("a");
    expect(numbers.peek("a")).toBeUndefined();
    await world.everyTierHolds(numbers, "a", undefined);
  });
});
