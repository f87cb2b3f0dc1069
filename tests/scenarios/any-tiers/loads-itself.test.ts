import type { LoadingNamespace } from "@tiercache/core";
import { describe, expect } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();

const refused = { code: "LOADS_ITSELF", message: expect.stringContaining("waits for the very key it is loading") };

describe("a loader that waits for itself is refused instead of hanging:", () => {
  inEveryWorld("by its own key", async (world) => {
    const texts: LoadingNamespace<[id: string], string> = world
      .process()
      .namespace("text", { load: (id) => texts.get(id) });
    await expect(texts.get("a")).rejects.toMatchObject(refused);
  });

  inEveryWorld("by its own key among others of a batch", async (world) => {
    const texts: LoadingNamespace<[id: string], string> = world.process().namespace("text", {
      load: async (id) => (await texts.getMany(["b", id])).join(""),
    });
    await expect(texts.get("a")).rejects.toMatchObject(refused);
  });

  inEveryWorld("by way of another key and another namespace", async (world) => {
    const cache = world.process();
    const others: LoadingNamespace<[id: string], string> = cache.namespace("other", { load: (id) => texts.get(id) });
    const texts: LoadingNamespace<[id: string], string> = cache.namespace("text", {
      load: async (id) => {
        await Promise.resolve();
        return others.get(id);
      },
    });
    await expect(texts.get("a")).rejects.toMatchObject(refused);
    await expect(others.get("b")).rejects.toMatchObject(refused);
  });

  inEveryWorld("as a batch loader", async (world) => {
    const texts: LoadingNamespace<[id: string], string> = world.process().namespace("text", {
      loadMany: (keys) => Promise.all(keys.map(([id]) => texts.get(id))),
    });
    await expect(texts.getMany(["a", "b"])).rejects.toMatchObject(refused);
  });
});

describe("a loader may", () => {
  inEveryWorld("read other keys, also of its own namespace", async (world) => {
    const factorials: LoadingNamespace<[n: number], number> = world.process().namespace("factorial", {
      key: (n: number) => [n],
      load: async (n) => (n <= 1 ? 1 : n * (await factorials.get(n - 1))),
    });
    expect(await factorials.get(10)).toBe(3_628_800);
    await world.settled();
    await world.everyTierHolds(factorials, 7, 5_040);
  });

  inEveryWorld("be joined by readers it has nothing to do with", async (world) => {
    const cache = world.process();
    const texts = cache.namespace("text", { load: async (id) => id });
    const others = cache.namespace("other", { load: (id) => texts.get(id) });
    expect(await Promise.all([texts.get("a"), others.get("a"), others.get("a")])).toEqual(["a", "a", "a"]);
  });

  // Not so yet elsewhere: a refresh of what a remote tier had stale is taken to be waited for.
  inWorlds("local")("be read for by a refresh that nobody waits for", async (world) => {
    const seen: string[] = [];
    const rules = { ttlMs: 100, staleWhileRevalidateMs: 1_000 };
    const cache = world.process();
    const parts: LoadingNamespace<[id: string], string> = cache.namespace("part", {
      load: async (id) => {
        seen.push(
          await wholes.read(id, { from: "any" }).then(
            ({ value }) => value,
            () => "refused",
          ),
        );
        return `part ${id}`;
      },
      ...rules,
    });
    const wholes: LoadingNamespace<[id: string], string> = cache.namespace("whole", { load: (id) => parts.get(id) });
    await parts.set("a", "old part");
    world.clock.advance(150);
    expect(await wholes.get("a")).toBe("old part");
    await cache.drain();
    expect(seen).toEqual(["old part"]);
  });
});
