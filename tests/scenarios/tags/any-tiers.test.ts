import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";
import { counted, filled } from "./counted.ts";

const inEveryWorld = inWorlds();

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
