import type { Loader, LoadingNamespace, Reading } from "@tiercache/core";
import { describe, expect } from "vitest";
import { inWorlds, type World } from "../matrix.ts";

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

  inEveryWorld("be read for by a refresh that nobody waits for", async (world) => {
    const seen: string[] = [];
    const { cache, parts, wholes } = partsOfWholes(world, async (id) => {
      seen.push(await wholes.read(id).then(valueOf, () => "refused"));
      return `part ${id}`;
    });
    await parts.set("a", "old part");
    world.clock.advance(150);
    expect(await wholes.get("a")).toBe("old part");
    await cache.drain();
    expect(seen).toEqual(["old part"]);
    await world.everyTierHolds(parts, "a", "part a");
  });

  inWorlds("remote")("be read for by a refresh of what another process has left stale", async (world) => {
    const seen: string[] = [];
    const { cache, wholes } = partsOfWholes(world, async (id) => {
      seen.push(await wholes.read(id).then(valueOf, () => "refused"));
      return `part ${id}`;
    });
    await world.process().namespace<string>("part", partRules).set("a", "old part");
    world.clock.advance(150);
    expect(await wholes.get("a")).toBe("old part");
    await cache.drain();
    expect(seen).toEqual(["old part"]);
  });

  inEveryWorld("be read for by a refresh in a batch that nobody waits for", async (world) => {
    const seen: string[] = [];
    const { cache, parts, wholes } = partsOfWholes(world, async (id) => {
      seen.push(...(await wholes.getMany([id]).catch(() => ["refused"])));
      return `part ${id}`;
    });
    await parts.set("a", "old part");
    world.clock.advance(150);
    expect(await wholes.getMany(["a"])).toEqual(["old part"]);
    await cache.drain();
    expect(seen).toEqual(["old part"]);
  });

  inEveryWorld("read its own key where a stale value answers while it loads", async (world) => {
    const seen: string[] = [];
    const { cache, parts } = partsOfWholes(world, async (id) => {
      seen.push(await parts.get(id));
      return "new part";
    });
    await parts.set("a", "old part");
    world.clock.advance(150);
    expect(await parts.get("a")).toBe("old part");
    await cache.drain();
    expect(seen).toEqual(["old part"]);
  });

  inEveryWorld("be read for by a load that a stale value has answered for after the soft timeout", async (world) => {
    const cache = world.process();
    const [begin, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000, softTimeoutMs: 10 };
    const parts: LoadingNamespace<[id: string], string> = cache.namespace("part", {
      load: async (id) => {
        await begin.promise;
        return `part of ${await wholes.get(id)}`;
      },
      ...rules,
    });
    const wholes: LoadingNamespace<[id: string], string> = cache.namespace("whole", {
      load: async (id) => {
        const part = await parts.get(id);
        await end.promise;
        return part;
      },
    });
    await parts.set("a", "old part");
    world.clock.advance(150);
    const whole = wholes.get("a");
    await world.settled();
    world.clock.advance(10);
    await world.settled();
    begin.resolve();
    await world.settled();
    end.resolve();
    expect(await whole).toBe("old part");
    await cache.drain();
    expect(await parts.get("a")).toBe("part of old part");
  });
});

describe("a refresh that nobody waited for is refused its own reader", () => {
  inEveryWorld("once he waits for its end, as its stale value has grown too old for him", async (world) => {
    const begin = Promise.withResolvers<void>();
    const { parts, wholes } = partsOfWholes(world, async (id) => {
      await begin.promise;
      return wholes.get(id);
    });
    await parts.set("a", "old part");
    world.clock.advance(150);
    expect(await parts.get("a")).toBe("old part");
    await world.settled();
    world.clock.advance(partRules.staleWhileRevalidateMs);
    const whole = wholes.get("a");
    whole.catch(() => {});
    await world.settled();
    begin.resolve();
    await expect(whole).rejects.toMatchObject(refused);
  });

  inEveryWorld("where that insists on a new load of what it is loading", async (world) => {
    let failure: unknown;
    const { cache, parts } = partsOfWholes(world, async (id) => {
      failure = await parts.read(id, { from: "load" }).catch((error: unknown) => error);
      return "new part";
    });
    await parts.set("a", "old part");
    world.clock.advance(150);
    expect(await parts.get("a")).toBe("old part");
    await cache.drain();
    expect(failure).toMatchObject(refused);
  });
});

const partRules = { ttlMs: 100, staleWhileRevalidateMs: 1_000 };

/** Wholes that are made of parts, which may be stale, and a loader of parts that may know the wholes. */
function partsOfWholes(world: World, load: Loader<[id: string], string>) {
  const cache = world.process();
  const parts: LoadingNamespace<[id: string], string> = cache.namespace("part", { load, ...partRules });
  const wholes: LoadingNamespace<[id: string], string> = cache.namespace("whole", { load: (id) => parts.get(id) });
  return { cache, parts, wholes };
}

function valueOf({ value }: Reading<string>): string {
  return value;
}
