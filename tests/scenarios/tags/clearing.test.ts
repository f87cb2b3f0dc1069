import { describe, expect, vi } from "vitest";
import { inWorlds, type World } from "../matrix.ts";
import { counted, filled } from "./counted.ts";

const inEveryWorld = inWorlds();
const withLocal = inWorlds("local");

describe("clear", () => {
  inEveryWorld("ends everything in its namespace, and nothing in another", async (world) => {
    const one = counted(world);
    await filled(one, world);
    expect(await one.scores.clear()).toEqual({ status: "done" });
    expect(one.scores.peek(7, 1)).toBeUndefined();
    expect(
      await one.scores.getMany([
        [7, 1],
        [8, 1],
      ]),
    ).toEqual([5, 6]);
    expect(await one.names.get(7)).toBe(4);
    await world.settled();
    expect(await one.scores.get(7, 1)).toBe(5);
  });

  inEveryWorld("of a cache ends everything in all of its namespaces", async (world) => {
    const one = counted(world);
    await filled(one, world);
    expect(await one.cache.clear()).toEqual({ status: "done" });
    expect([await one.scores.get(7, 1), await one.names.get(7)]).toEqual([5, 6]);
  });

  inEveryWorld("is not undone by a load that was running, nor answered for by what was there before", async (world) => {
    const answer = Promise.withResolvers<string>();
    const load = vi.fn(() => (load.mock.calls.length === 1 ? answer.promise : Promise.resolve("new")));
    const texts = world.process().namespace("text", { load });
    const before = texts.get("a");
    await world.settled();
    await texts.clear();
    expect(await texts.get("a")).toBe("new");
    answer.resolve("old");
    expect(await before).toBe("old");
    await world.settled();
    expect(await texts.get("a")).toBe("new");
  });

  inEveryWorld("leaves no stale value to answer for a load that fails", async (world) => {
    const load = vi.fn(async () => {
      if (load.mock.calls.length > 1) throw new Error("origin is away");
      return "old";
    });
    const texts = world.process().namespace("text", { load, staleIfErrorMs: 60_000, staleWhileRevalidateMs: 60_000 });
    await texts.get("a");
    await world.settled();
    await texts.clear();
    await expect(texts.get("a")).rejects.toThrow("origin is away");
  });
});

describe("what was invalidated by a tag", () => {
  function failing(world: World) {
    const cache = world.process();
    let isAway = false;
    const load = vi.fn(async () => {
      if (isAway) throw new Error("origin is away");
      return `v${load.mock.calls.length}`;
    });
    const rules = { ttlMs: 100_000, staleIfErrorMs: 10_000, staleWhileRevalidateMs: 50_000, retryLoadAfterMs: 1_000 };
    const texts = cache.namespace("text", { load, tags: () => ["t"], ...rules });
    const away = (): void => {
      isAway = true;
    };
    return { cache, texts, load, away };
  }

  withLocal("answers where a load fails, flagged, for as long as stale-if-error allows from then on", async (world) => {
    const { cache, texts, away, load } = failing(world);
    await texts.get("a");
    await world.settled();
    await cache.invalidateTags(["t"]);
    away();
    expect(await texts.read("a")).toMatchObject({ value: "v1", stale: "load-failed" });
    expect(await texts.read("a")).toMatchObject({ value: "v1", stale: "held" });
    expect(load).toHaveBeenCalledTimes(2);
    world.clock.advance(9_999);
    expect(await texts.read("a")).toMatchObject({ value: "v1" });
    world.clock.advance(1);
    await expect(texts.get("a")).rejects.toThrow("origin is away");
  });

  withLocal("does not answer while it is being refreshed", async (world) => {
    const { cache, texts } = failing(world);
    await texts.get("a");
    await world.settled();
    await cache.invalidateTags(["t"]);
    expect(texts.peek("a")).toBeUndefined();
    expect(await texts.read("a")).toMatchObject({ value: "v2", source: "loader" });
  });

  inEveryWorld("does not answer where it was deleted, be it after it was invalidated", async (world) => {
    for (const isInvalidated of [false, true]) {
      const { cache, texts, away } = failing(world);
      await texts.get(`${isInvalidated}`);
      await world.settled();
      if (isInvalidated) await cache.invalidateTags(["t"]);
      await cache.deleteByTags(["t"]);
      away();
      await expect(texts.get(`${isInvalidated}`)).rejects.toThrow("origin is away");
    }
  });
});
