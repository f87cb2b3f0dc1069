import { json, type RemoteTier } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

/** Defects that this project had itself: each of these has failed once. */
let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe("keys", () => {
  test("of two applications never meet, one with a prefix and one without", async () => {
    const one = fleet.process({ prefix: "a" }).namespace<string>("b");
    const pairs = { key: (...parts: [string, string]) => parts };
    const other = fleet.process().namespace<string, [string, string]>("a", pairs);
    await one.set("x", "of the first");
    expect(await other.get("b", "x")).toBeUndefined();
  });

  test.each([[5], [null], [new Set([1])], ["text"], [Promise.resolve([1])]])(
    "that are made of %s instead of a list are refused",
    async (made) => {
      const numbers = fleet.process().namespace("n", { key: (_id: number) => made as never, load: (id) => id });
      await expect(numbers.get(1)).rejects.toMatchObject({ code: "INVALID_KEY" });
    },
  );

  test("of one string take one argument and no more", async () => {
    const texts = fleet.process().namespace<string>("text");
    await expect(texts.set(["a", "b"] as never, "v")).rejects.toThrow("is 2 arguments; allowed is one string");
    await expect(texts.get(7 as never)).rejects.toThrow('A key of namespace "text" is 7; allowed is one string');
  });

  test("with an argument left out do not hand the loader its context in that place", async () => {
    const texts = fleet.process().namespace("text", {
      key: (id: string, language?: string) => [id, language ?? ""],
      load: (id, language, { signal }) => `${id} in ${language}, ${signal.aborted}`,
    });
    expect(await texts.get("a")).toBe("a in undefined, false");
    expect(await texts.getMany([["b"]])).toEqual(["b in undefined, false"]);
  });
});

describe("loaders", () => {
  test("of batches may return a promise for each value", async () => {
    const loadMany = (keys: readonly (readonly [string])[]) => keys.map(async ([id]) => `${id}!`);
    const texts = fleet.process({ serializer: json }).namespace("text", { loadMany: loadMany as never });
    expect(await texts.getMany(["a", "b"])).toEqual(["a!", "b!"]);
    await fleet.settled();
    expect(await fleet.process({ serializer: json }).namespace<string>("text").get("a")).toBe("a!");
  });

  test("are refused by name where they are none", async () => {
    const texts = fleet.process().namespace<string>("text");
    await expect(texts.getOrLoad("a", undefined as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("whose new value is not to be kept leave no older one behind", async () => {
    const load = vi.fn(() => fleet.clock.now());
    const ttlMs = (at: number): number => (at === 0 ? 100 : 0);
    const times = fleet.process().namespace("time", { load, ttlMs, staleWhileRevalidateMs: 1_000 });
    await times.get("t");
    await fleet.settled();
    fleet.clock.advance(150);
    expect(await times.get("t")).toBe(0);
    await fleet.settled();
    expect(await times.get("t")).toBe(150);
    expect(valuesIn(fleet.shared).removals).toEqual([["time:t"]]);
  });

  test("that end after the cache was closed write to no tier", async () => {
    const cache = fleet.process();
    const answer = Promise.withResolvers<string>();
    const reading = cache.namespace("text", { load: () => answer.promise }).get("a");
    await fleet.settled();
    await cache.close();
    answer.resolve("late");
    expect(await reading).toBe("late");
    expect(valuesIn(fleet.shared).writes).toEqual([]);
  });
});

describe("stale answers", () => {
  test("do not take the place of a newer value that another read has brought", async () => {
    const answer = Promise.withResolvers<string>();
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000 };
    const here = fleet.process().namespace<string>("text", rules);
    await here.set("a", "old");
    fleet.clock.advance(150);
    const loading = here.getOrLoad("a", () => answer.promise);
    await fleet.settled();
    await fleet.process().namespace<string>("text", rules).set("a", "new");
    expect(await here.get("a")).toBe("new");
    answer.reject(new Error("away"));
    expect(await loading).toBe("new");
    expect(await here.get("a")).toBe("new");
  });

  test("that are only allowed while revalidating are held too after a failed load", async () => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(new Error("away"));
    const rules = { ttlMs: 100, staleWhileRevalidateMs: 1_000, retryLoadAfterMs: 50 };
    const numbers = fleet.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    fleet.clock.advance(150);
    for (let read = 0; read < 5; read++) {
      expect(await numbers.get("a")).toBe(1);
      await fleet.settled();
    }
    expect(load).toHaveBeenCalledTimes(2);
  });
});

describe("races", () => {
  test("a lookup that is on its way does not undo what a load has brought meanwhile", async () => {
    await fleet.process().namespace<string>("text").set("a", "old");
    const texts = fleet.process().namespace<string>("text");
    fleet.shared.hold("read");
    const looking = texts.get("a");
    const [held] = await fleet.shared.whenHeld(1);
    await fleet.process().namespace<string>("text").delete("a");
    const loading = texts.getOrLoad("a", () => "new");
    const [, second] = await fleet.shared.whenHeld(2);
    second?.release();
    expect(await loading).toBe("new");
    held?.release();
    expect(await looking).toBe("old");
    expect(texts.peek("a")).toBe("new");
  });

  test("a value that is set while a delete is on its way stays", async () => {
    const texts = fleet.process().namespace<string>("text");
    await texts.set("a", "old");
    fleet.shared.hold("remove");
    const deleting = texts.delete("a");
    await texts.set("a", "new");
    fleet.shared.release();
    await deleting;
    expect(texts.peek("a")).toBe("new");
    expect(await fleet.process().namespace<string>("text").get("a")).toBe("new");
  });
});

describe("sliding lives", () => {
  test("are renewed by batches as by single reads", async () => {
    const load = vi.fn((id: string) => id);
    const sessions = fleet.process().namespace("session", { load, ttlMs: 1_000, sliding: true });
    for (let read = 0; read < 10; read++) {
      expect(await sessions.getMany(["s"])).toEqual(["s"]);
      await fleet.settled();
      fleet.clock.advance(900);
    }
    expect(load).toHaveBeenCalledTimes(1);
  });
});

/** A remote tier that has nothing and keeps nothing. */
const silentTier: RemoteTier = {
  name: "silent",
  now: () => 0,
  readMany: async (keys) => keys.map(() => undefined),
  write: async () => {},
  remove: async () => {},
  close: async () => {},
};

describe("a tier that breaks its promises", () => {
  test.each([[null], ["text"], [{}], [7]])("and answers %o for a frame costs a miss and no more", async (answer) => {
    const broken = { ...silentTier, readMany: async (keys: readonly string[]) => keys.map(() => answer as never) };
    const cache = fleet.process({ tiers: [broken] });
    expect(await cache.namespace<string>("found").get("a")).toBeUndefined();
    expect(await cache.namespace("loaded", { load: (id) => id }).get("a")).toBe("a");
  });

  test("and throws where it must not hangs nobody", async () => {
    const broken = {
      ...silentTier,
      now: () => {
        throw new Error("no time");
      },
      readMany: async () => [Buffer.alloc(60)],
    };
    const cache = fleet.process({ tiers: [broken] });
    expect(await cache.namespace<string>("found").get("a")).toBeUndefined();
    expect(await cache.namespace("loaded", { load: (id) => id }).get("a")).toBe("a");
  });
});

test("a function that can be awaited is no value to be kept", async () => {
  const values = fleet.process().namespace<unknown>("value");
  const thenable = Object.defineProperty(() => {}, "then", { value: () => {} });
  await expect(values.set("a", thenable)).rejects.toMatchObject({ code: "INVALID_VALUE" });
});
