import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();

describe("a load whose loader has yet to name a tag that ends meanwhile", () => {
  inEveryWorld("is not joined after that, as nobody knows yet that loaders name none here", async (world) => {
    const cache = world.process();
    const answer = Promise.withResolvers<void>();
    let version = 1;
    const load = vi.fn(async (_: string, { addTags }: { addTags: (...tags: string[]) => void }) => {
      const loaded = version;
      if (loaded === 1) await answer.promise;
      addTags("t");
      return loaded;
    });
    const texts = cache.namespace("text", { load });
    const before = texts.get("a");
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(1));
    version = 2;
    await cache.deleteByTags(["t"]);
    const after = texts.get("a");
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
    answer.resolve();
    expect(await Promise.all([before, after])).toEqual([1, 2]);
    expect(await texts.get("a")).toBe(2);
  });

  inEveryWorld(
    "is joined where they never have, and does not answer who came after that if it is the first to",
    async (world) => {
      const cache = world.process();
      const answer = Promise.withResolvers<void>();
      let version = 1;
      const load = vi.fn(async (id: string, { addTags }: { addTags: (...tags: string[]) => void }) => {
        const loaded = version;
        if (loaded === 1) await answer.promise;
        if (id === "a") addTags("t");
        return loaded;
      });
      const texts = cache.namespace("text", { load });
      version = 0;
      await texts.get("names none");
      version = 1;
      const before = [texts.get("a"), texts.get("b")];
      await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(3));
      version = 2;
      await cache.deleteByTags(["t"]);
      const after = [
        texts.get("a"),
        texts.read(["a"]).then(({ value }) => value),
        texts.getMany(["a", "b"]),
        texts.get("b"),
      ];
      await world.settled();
      expect(load).toHaveBeenCalledTimes(3);
      answer.resolve();
      expect(await Promise.all(before)).toEqual([1, 1]);
      expect(await Promise.all(after)).toEqual([2, 2, [2, 1], 1]);
    },
  );
});
