import { minutes } from "@tiercache/core";
import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";
import { valuesIn } from "../values-in.ts";

const inEveryWorld = inWorlds();
const withLocal = inWorlds("local");
const withRemote = inWorlds("remote");
const withIdentity = inWorlds("identity");

describe("a read", () => {
  inEveryWorld("loads what no tier has, and is answered by the nearest tier from then on", async (world) => {
    const load = vi.fn(async (id: string) => ({ id }));
    const users = world.process().namespace("user", { load });
    expect(await users.get("1")).toEqual({ id: "1" });
    await world.settled();
    expect(await users.get("1")).toEqual({ id: "1" });
    expect(load).toHaveBeenCalledTimes(1);
    expect(load.mock.calls[0]?.[0]).toBe("1");
    expect(world.observer.events.filter(({ type }) => type !== "tier-called")).toEqual([
      { type: "load-started", namespace: "user", keys: 1 },
      { type: "loaded", namespace: "user", keys: 1, durationMs: 0 },
      { type: "miss", namespace: "user" },
      { type: "hit", namespace: "user", tier: world.tierNames[0] },
    ]);
  });

  inEveryWorld("leaves what it has loaded in every tier", async (world) => {
    const users = world.process().namespace("user", { load: (id) => ({ id }) });
    await users.get("1");
    await world.settled();
    await world.everyTierHolds(users, "1", { id: "1" });
  });

  withIdentity("is handed the same promise of the same value on every hit", async (world) => {
    const users = world.process().namespace("user", { load: (id) => ({ id }) });
    const first = await users.get("1");
    expect(users.get("1")).toBe(users.get("1"));
    expect(await users.get("1")).toBe(first);
  });

  inEveryWorld("loads again once the time to live is over, to the millisecond", async (world) => {
    const load = vi.fn(() => world.clock.now());
    const times = world.process().namespace("time", { load, ttlMs: 10_000 });
    await times.get("now");
    await world.settled();
    world.clock.advance(9_999);
    expect(await times.get("now")).toBe(0);
    expect(load).toHaveBeenCalledTimes(1);
    world.clock.advance(1);
    expect(await times.get("now")).toBe(10_000);
    expect(load).toHaveBeenCalledTimes(2);
  });

  inEveryWorld("keeps the same id of two namespaces apart", async (world) => {
    const cache = world.process();
    const users = cache.namespace("user", { load: (id) => `user ${id}` });
    const jobs = cache.namespace("job", { load: (id) => `job ${id}` });
    for (let read = 0; read < 2; read++) {
      expect(await users.get("1")).toBe("user 1");
      expect(await jobs.get("1")).toBe("job 1");
      await world.settled();
    }
  });

  inEveryWorld("with a key that is no key is rejected, not thrown", async (world) => {
    const users = world.process().namespace("user", { key: (id: number) => [id], load: (id) => id });
    const read = users.get(Number.NaN);
    await expect(read).rejects.toMatchObject({ code: "INVALID_KEY" });
    await expect(users.getOrLoad(Number.NaN, () => 1)).rejects.toMatchObject({ code: "INVALID_KEY" });
    await expect(users.getMany([1, Number.NaN])).rejects.toMatchObject({ code: "INVALID_KEY" });
  });

  inEveryWorld("of a namespace without a loader finds what was set and loads nothing", async (world) => {
    const sessions = world.process().namespace<{ user: number }>("session");
    expect(await sessions.get("s")).toBeUndefined();
    await sessions.set("s", { user: 7 });
    expect(await sessions.get("s")).toEqual({ user: 7 });
    expect(await sessions.getMany(["s", "t"])).toEqual([{ user: 7 }, undefined]);
  });

  inEveryWorld("brings its own loader where the namespace has none", async (world) => {
    const sessions = world.process().namespace<string>("session");
    expect(await sessions.getOrLoad("s", (id) => `loaded ${id}`)).toBe("loaded s");
    await world.settled();
    expect(await sessions.getOrLoad("s", () => "never called")).toBe("loaded s");
    expect(await sessions.get("s")).toBe("loaded s");
  });
});

describe.each([[undefined], [null], [0], [""], [false], [{ deep: { list: [1, "two", null] } }]])("%o", (value) => {
  inEveryWorld("is cached as what it is", async (world) => {
    const load = vi.fn(() => value);
    const odd = world.process().namespace("odd", { load });
    expect(await odd.get("a")).toEqual(value);
    await world.settled();
    expect(await odd.get("a")).toEqual(value);
    expect(await odd.getMany(["a", "a"])).toEqual([value, value]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  withRemote("is what another process finds", async (world) => {
    const load = vi.fn(() => value);
    await world.process().namespace("odd", { load }).get("a");
    await world.settled();
    expect(await world.process().namespace("odd", { load }).get("a")).toEqual(value);
    expect(load).toHaveBeenCalledTimes(1);
  });
});

describe("a peek", () => {
  withLocal("answers at once what the local tier holds, and nothing else", async (world) => {
    const load = vi.fn((id: string) => id);
    const users = world.process().namespace("user", { load });
    expect(users.peek("1")).toBeUndefined();
    await users.get("1");
    expect(users.peek("1")).toBe("1");
    world.clock.advance(minutes(1));
    expect(users.peek("1")).toBeUndefined();
    expect(load).toHaveBeenCalledTimes(1);
  });
});

describe("what one process has loaded", () => {
  withRemote("is read by another without a load", async (world) => {
    const load = vi.fn((id: string) => ({ id }));
    await world.process().namespace("user", { load }).get("1");
    await world.settled();
    const users = world.process().namespace("user", { load });
    expect(await users.get("1")).toEqual({ id: "1" });
    expect(load).toHaveBeenCalledTimes(1);
    await world.everyTierHolds(users, "1", { id: "1" });
  });

  withRemote("is not found under another prefix", async (world) => {
    const load = vi.fn((id: string) => id);
    await world.process({ prefix: "one" }).namespace("user", { load }).get("1");
    await world.settled();
    await world.process({ prefix: "two" }).namespace("user", { load }).get("1");
    expect(load).toHaveBeenCalledTimes(2);
  });

  withRemote("is what its first reader was given before he changed it", async (world) => {
    const first = await world
      .process({ isolate: "share" })
      .namespace("list", { load: () => [1] })
      .get("a");
    first.push(2);
    await world.settled();
    const other = world.process().namespace("list", { load: () => [9] });
    expect(await other.get("a")).toEqual([1]);
  });
});

describe("reads of one tick", () => {
  withRemote("reach each remote tier as one, whichever namespaces they are of", async (world) => {
    const cache = world.process();
    const users = cache.namespace("user", { load: (id) => id });
    const jobs = cache.namespace("job", { load: (id) => id });
    await Promise.all([users.get("1"), jobs.get("1"), users.get("2"), users.get("1")]);
    for (const tier of world.remotes) expect(valuesIn(tier).reads).toEqual([["user:1", "job:1", "user:2"]]);
  });
});

describe("concurrent reads", () => {
  inEveryWorld("of one cold key, 1,000 of them, call the loader once", async (world) => {
    const load = vi.fn(async (id: string) => id);
    const users = world.process().namespace("user", { load });
    const values = await Promise.all(Array.from({ length: 1_000 }, () => users.get("1")));
    expect(load).toHaveBeenCalledTimes(1);
    expect(new Set(values)).toEqual(new Set(["1"]));
    expect(world.observer.count("joined")).toBe(999);
  });

  inEveryWorld("share the loader's failure as it was thrown, and the next read loads again", async (world) => {
    const failure = new Error("origin is away");
    const load = vi.fn(async (): Promise<number> => {
      throw failure;
    });
    const users = world.process().namespace("user", { load });
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => users.get("1")));
    expect(load).toHaveBeenCalledTimes(1);
    for (const outcome of outcomes) expect(outcome).toEqual({ status: "rejected", reason: failure });
    load.mockResolvedValueOnce(7);
    expect(await users.get("1")).toBe(7);
  });
});

describe.each<[string, () => Promise<number>]>([
  [
    "throws at once",
    () => {
      throw new Error("at once");
    },
  ],
  ["rejects with undefined", () => Promise.reject()],
  ["rejects with a text", () => Promise.reject("text")],
])("concurrent reads of a loader that %s", (_, load) => {
  inEveryWorld("end alike", async (world) => {
    const users = world.process().namespace<number>("user", { load });
    const outcomes = await Promise.allSettled([users.get("1"), users.get("1")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(world.observer.count("load-failed")).toBe(1);
  });
});
