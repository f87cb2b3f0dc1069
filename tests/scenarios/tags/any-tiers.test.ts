import type { Cache, LoadingNamespace } from "@tiercache/core";
import { describe, expect, vi } from "vitest";
import { inWorlds, type World } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withLocal = inWorlds("local");

interface Counted {
  readonly cache: Cache;
  readonly scores: LoadingNamespace<[user: number, job: number], number>;
  readonly names: LoadingNamespace<[user: number], number>;
}

/** Two namespaces of one more process that share the tag of a user; each value says how many loads there had been. */
function counted(world: World, rules = {}): Counted {
  let loads = 0;
  const cache = world.process(rules);
  const load = (): number => ++loads;
  const scores = cache.namespace("score", {
    key: (user: number, job: number) => [user, job],
    tags: (user, job) => [`user:${user}`, `job:${job}`],
    load,
  });
  const names = cache.namespace("name", { key: (user: number) => [user], tags: (user) => [`user:${user}`], load });
  return { cache, scores, names };
}

async function filled({ scores, names }: Counted, world: World): Promise<void> {
  expect(
    await scores.getMany([
      [7, 1],
      [7, 2],
      [8, 1],
    ]),
  ).toEqual([1, 2, 3]);
  expect(await names.get(7)).toBe(4);
  await world.settled();
}

describe.each(["invalidateTags", "deleteByTags"] as const)("%s", (how) => {
  inEveryWorld("ends all that has the tag in every namespace, and nothing else", async (world) => {
    const one = counted(world);
    await filled(one, world);
    expect(await one.cache[how](["user:7"])).toEqual({ status: "done" });
    expect(
      await one.scores.getMany([
        [7, 1],
        [7, 2],
        [8, 1],
      ]),
    ).toEqual([5, 6, 3]);
    expect(await one.names.get(7)).toBe(7);
    await world.settled();
    expect(
      await one.scores.getMany([
        [7, 1],
        [7, 2],
        [8, 1],
      ]),
    ).toEqual([5, 6, 3]);
  });

  inEveryWorld("ends what has any of several tags", async (world) => {
    const one = counted(world);
    await filled(one, world);
    await one.cache[how](["job:1", "job:2", "nobody's"]);
    expect(
      await one.scores.getMany([
        [7, 1],
        [7, 2],
        [8, 1],
      ]),
    ).toEqual([5, 6, 7]);
    expect(await one.names.get(7)).toBe(4);
  });

  inEveryWorld("ends what was set with tags, those of the namespace and those of the write", async (world) => {
    const one = counted(world);
    await one.scores.set([7, 1], 100, { tags: ["import:5"] });
    await one.scores.set([8, 1], 200, { tags: ["import:5", "job:1"] });
    await one.scores.set([9, 2], 300);
    expect(
      await one.scores.getMany([
        [7, 1],
        [8, 1],
        [9, 2],
      ]),
    ).toEqual([100, 200, 300]);
    await one.cache[how](["import:5"]);
    expect(
      await one.scores.getMany([
        [7, 1],
        [8, 1],
        [9, 2],
      ]),
    ).toEqual([1, 2, 300]);
    await one.cache[how](["user:9"]);
    expect(await one.scores.get(9, 2)).toBe(3);
  });

  inEveryWorld(
    "takes from a load that is running the right to keep its value, and the right to be joined",
    async (world) => {
      const cache = world.process();
      const answer = Promise.withResolvers<string>();
      const load = vi.fn(() => (load.mock.calls.length === 1 ? answer.promise : Promise.resolve("new")));
      const texts = cache.namespace("text", { tags: () => ["t"], load });
      const before = texts.get("a");
      await world.settled();
      await cache[how](["t"]);
      expect(await texts.get("a")).toBe("new");
      answer.resolve("old");
      expect(await before).toBe("old");
      await world.settled();
      expect(await texts.get("a")).toBe("new");
      expect(load).toHaveBeenCalledTimes(2);
    },
  );

  inEveryWorld("reaches values whose tags their loader has named", async (world) => {
    const cache = world.process();
    let version = 1;
    const pages = cache.namespace("page", {
      load: (id, { addTags }) => {
        addTags(`author:${id.length}`, "site");
        return `${id} v${version}`;
      },
    });
    // Where other processes may have invalidated them meanwhile, tags have to be known before something is kept under them.
    for (const _ of [1, 2]) {
      expect(await pages.get("a")).toBe("a v1");
      await world.settled();
    }
    version = 2;
    expect(await pages.get("a")).toBe("a v1");
    await cache[how](["author:1"]);
    for (const _ of [1, 2]) {
      expect(await pages.get("a")).toBe("a v2");
      await world.settled();
    }
    version = 3;
    await cache[how](["site"]);
    expect(await pages.get("a")).toBe("a v3");
  });

  inEveryWorld("of nothing, or of a tag that nothing has, changes nothing", async (world) => {
    const one = counted(world);
    await filled(one, world);
    expect(await one.cache[how]([])).toEqual({ status: "done" });
    expect(await one.cache[how](["nobody's"])).toEqual({ status: "done" });
    expect(await one.scores.get(7, 1)).toBe(1);
  });
});

describe("a batch loader", () => {
  inEveryWorld("names the tags of each of its values", async (world) => {
    const cache = world.process();
    const load = vi.fn(
      (
        keys: readonly (readonly [id: string])[],
        { addTags }: { addTags: (at: number, tags: readonly string[]) => void },
      ) => {
        for (const [at, [id]] of keys.entries()) addTags(at, [`of:${id}`]);
        return keys.map(([id]) => `${id}${load.mock.calls.length}`);
      },
    );
    const texts = cache.namespace("text", { loadMany: load });
    for (const _ of [1, 2]) {
      await texts.getMany(["a", "b"]);
      await world.settled();
    }
    const [a, b] = await texts.getMany(["a", "b"]);
    await cache.deleteByTags(["of:a"]);
    const after = await texts.getMany(["a", "b"]);
    expect(after[0]).not.toBe(a);
    expect(after[1]).toBe(b);
  });
});

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
