import { type Cache, createCache, seconds } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { manualClock, recordingObserver } from "@tiercache/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";

let clock: ReturnType<typeof manualClock>;
let observer: ReturnType<typeof recordingObserver>;
let cache: Cache;

beforeEach(() => {
  clock = manualClock();
  observer = recordingObserver();
  cache = createCache({ tiers: [lru()], clock, observer, ttlMs: seconds(10) });
});

describe("a read", () => {
  test("loads what no tier has, and is answered by the local tier from then on", async () => {
    const load = vi.fn(async (id: string) => ({ id }));
    const users = cache.namespace("user", { load });
    const first = await users.get("1");
    expect(await users.get("1")).toBe(first);
    expect(load).toHaveBeenCalledTimes(1);
    expect(load).toHaveBeenCalledWith("1", { signal: expect.any(AbortSignal) });
  });

  test("is handed the same promise on every hit", async () => {
    const users = cache.namespace("user", { load: (id) => ({ id }) });
    await users.get("1");
    expect(users.get("1")).toBe(users.get("1"));
  });

  test("loads again once the time to live is over, to the millisecond", async () => {
    const load = vi.fn(() => clock.now());
    const times = cache.namespace("time", { load });
    await times.get("now");
    clock.advance(9_999);
    await times.get("now");
    expect(load).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await times.get("now");
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("never loads again what lives for ever", async () => {
    const load = vi.fn(() => 1);
    const evaluations = cache.namespace("eval", { load, ttlMs: Number.POSITIVE_INFINITY });
    await evaluations.get("a");
    clock.advance(1e15);
    await evaluations.get("a");
    expect(load).toHaveBeenCalledTimes(1);
  });

  test.each([undefined, null, 0, "", false, Number.NaN])("caches %s as what it is", async (value) => {
    const load = vi.fn(() => value);
    const odd = cache.namespace("odd", { load });
    expect(await odd.get("a")).toBe(value);
    expect(await odd.get("a")).toBe(value);
    expect(await odd.getMany(["a", "a"])).toEqual([value, value]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("keeps the same id of two namespaces apart", async () => {
    const users = cache.namespace("user", { load: (id) => `user ${id}` });
    const jobs = cache.namespace("job", { load: (id) => `job ${id}` });
    expect(await users.get("1")).toBe("user 1");
    expect(await jobs.get("1")).toBe("job 1");
  });

  test("with a key that is no key is rejected, not thrown", async () => {
    const users = cache.namespace("user", { key: (id: number) => [id], load: (id) => id });
    const read = users.get(Number.NaN);
    await expect(read).rejects.toMatchObject({ code: "INVALID_KEY" });
    await expect(users.getOrLoad(Number.NaN, () => 1)).rejects.toMatchObject({ code: "INVALID_KEY" });
    await expect(users.getMany([1, Number.NaN])).rejects.toMatchObject({ code: "INVALID_KEY" });
  });

  test("of a namespace without a loader finds what was set and loads nothing", async () => {
    const sessions = cache.namespace<{ user: number }>("session");
    expect(await sessions.get("s")).toBeUndefined();
    await sessions.set("s", { user: 7 });
    expect(await sessions.get("s")).toEqual({ user: 7 });
    expect(await sessions.getMany(["s", "t"])).toEqual([{ user: 7 }, undefined]);
  });

  test("brings its own loader where the namespace has none", async () => {
    const sessions = cache.namespace<string>("session");
    expect(await sessions.getOrLoad("s", (id) => `loaded ${id}`)).toBe("loaded s");
    expect(await sessions.getOrLoad("s", () => "never called")).toBe("loaded s");
    expect(await sessions.get("s")).toBe("loaded s");
  });
});

describe("a peek", () => {
  test("answers at once what the local tier holds, and nothing else", async () => {
    const load = vi.fn((id: string) => id);
    const users = cache.namespace("user", { load });
    expect(users.peek("1")).toBeUndefined();
    await users.get("1");
    expect(users.peek("1")).toBe("1");
    clock.advance(10_000);
    expect(users.peek("1")).toBeUndefined();
    expect(load).toHaveBeenCalledTimes(1);
  });
});

describe("concurrent reads", () => {
  test("of one cold key, 1,000 of them, call the loader once", async () => {
    const load = vi.fn(async (id: string) => ({ id }));
    const users = cache.namespace("user", { load });
    const values = await Promise.all(Array.from({ length: 1_000 }, () => users.get("1")));
    expect(load).toHaveBeenCalledTimes(1);
    expect(new Set(values).size).toBe(1);
    expect(observer.count("joined")).toBe(999);
  });

  test("share the loader's failure as it was thrown, and the next read loads again", async () => {
    const failure = new Error("origin is away");
    const load = vi.fn(async (): Promise<number> => {
      throw failure;
    });
    const users = cache.namespace("user", { load });
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => users.get("1")));
    expect(load).toHaveBeenCalledTimes(1);
    for (const outcome of outcomes) expect(outcome).toEqual({ status: "rejected", reason: failure });
    load.mockResolvedValueOnce(7);
    expect(await users.get("1")).toBe(7);
  });

  test.each([
    [
      "throws at once",
      () => {
        throw new Error("at once");
      },
    ],
    ["rejects with undefined", () => Promise.reject()],
    ["rejects with a text", () => Promise.reject("text")],
  ])("of a loader that %s end alike", async (_, load) => {
    const users = cache.namespace<number>("user", { load });
    const outcomes = await Promise.allSettled([users.get("1"), users.get("1")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(observer.count("load-failed")).toBe(1);
  });
});

describe("a write during a load", () => {
  test("that deletes is not undone by that load", async () => {
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    let loads = 0;
    const users = cache.namespace("user", { load: () => answers[loads++]?.promise ?? Promise.reject() });
    const before = users.get("1");
    await users.delete("1");
    const after = users.get("1");
    answers[1]?.resolve("new");
    expect(await after).toBe("new");
    answers[0]?.resolve("old");
    expect(await before).toBe("old");
    expect(users.peek("1")).toBe("new");
    expect(observer.count("superseded")).toBe(1);
  });

  test("that invalidates makes later readers load anew instead of joining", async () => {
    const answers = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    let loads = 0;
    const users = cache.namespace("user", { load: () => answers[loads++]?.promise ?? Promise.reject() });
    const before = users.get("1");
    await users.invalidate("1");
    const after = users.get("1");
    answers[0]?.resolve("old");
    expect(await before).toBe("old");
    expect(users.peek("1")).toBeUndefined();
    answers[1]?.resolve("new");
    expect(await after).toBe("new");
    expect(await users.get("1")).toBe("new");
  });

  test("that sets is not overwritten by that load", async () => {
    const answer = Promise.withResolvers<string>();
    const users = cache.namespace("user", { load: () => answer.promise });
    const reading = users.get("1");
    await users.set("1", "set");
    answer.resolve("loaded");
    expect(await reading).toBe("loaded");
    expect(await users.get("1")).toBe("set");
  });
});

describe("a set", () => {
  test("may give its entry another time to live", async () => {
    const users = cache.namespace<string>("user");
    await users.set("1", "v", { ttlMs: 5 });
    clock.advance(5);
    expect(await users.get("1")).toBeUndefined();
  });

  test("of a promise is refused", async () => {
    const users = cache.namespace<unknown>("user");
    await expect(users.set("1", Promise.resolve(1))).rejects.toMatchObject({ code: "INVALID_VALUE" });
    expect(users.peek("1")).toBeUndefined();
  });

  test("with a wrong option is refused by name", async () => {
    const users = cache.namespace<string>("user");
    await expect(users.set("1", "v", { ttlMs: 0 })).rejects.toThrow(/user\.set\.ttlMs is 0; allowed is/);
  });
});

describe("a batch", () => {
  test("keeps the order, loads duplicates once, and loads all that is missing in one call", async () => {
    const loadMany = vi.fn((keys: readonly (readonly [id: number])[]) => keys.map(([id]) => id * 10));
    const scores = cache.namespace("score", { key: (id: number) => [id], loadMany });
    await scores.set(2, 999);
    expect(await scores.getMany([3, 2, 1, 3])).toEqual([30, 999, 10, 30]);
    expect(loadMany).toHaveBeenCalledTimes(1);
    expect(loadMany.mock.calls[0]?.[0]).toEqual([[3], [1]]);
    expect(await scores.getMany([1, 3])).toEqual([10, 30]);
    expect(await scores.getMany([])).toEqual([]);
    expect(loadMany).toHaveBeenCalledTimes(1);
  });

  test("joins the running loads of single reads, and lets single reads join its own", async () => {
    const answer = Promise.withResolvers<string>();
    const batch = Promise.withResolvers<string[]>();
    const load = vi.fn((_id: string) => answer.promise);
    const loadMany = vi.fn((_keys: readonly (readonly [string])[]) => batch.promise);
    const users = cache.namespace("user", { load, loadMany });
    const single = users.get("a");
    const many = users.getMany(["a", "b"]);
    const joining = users.get("b");
    await vi.waitFor(() => expect(loadMany).toHaveBeenCalledTimes(1));
    answer.resolve("A");
    batch.resolve(["B"]);
    expect(await many).toEqual(["A", "B"]);
    expect(await single).toBe("A");
    expect(await joining).toBe("B");
    expect(load).toHaveBeenCalledTimes(1);
    expect(loadMany.mock.calls[0]?.[0]).toEqual([["b"]]);
  });

  test("loads each missing key by itself where there is no batch loader", async () => {
    const load = vi.fn(async (id: string) => id.toUpperCase());
    const users = cache.namespace("user", { load });
    expect(await users.getMany(["a", "b", "a"])).toEqual(["A", "B", "A"]);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("is also what answers a single read where there is no single loader", async () => {
    const loadMany = vi.fn((keys: readonly (readonly [string])[]) => keys.map(([id]) => `${id}!`));
    const users = cache.namespace("user", { loadMany });
    expect(await Promise.all([users.get("a"), users.get("a")])).toEqual(["a!", "a!"]);
    expect(loadMany).toHaveBeenCalledTimes(1);
  });

  test.each([
    ["too few values", [1], "1 values for 2 keys"],
    ["too many values", [1, 2, 3], "3 values for 2 keys"],
    ["no list", undefined, "no list for 2 keys"],
  ])("whose loader returns %s is refused, and nothing of it is kept", async (_, returned, message) => {
    const users = cache.namespace("user", { loadMany: () => returned as number[] });
    await expect(users.getMany(["a", "b"])).rejects.toThrow(message);
    expect(users.peek("a")).toBeUndefined();
  });

  test("whose loader fails hands the failure to all who joined, and hangs nobody", async () => {
    const failure = new Error("origin is away");
    const users = cache.namespace<number>("user", { loadMany: () => Promise.reject(failure) });
    const outcomes = await Promise.allSettled([users.getMany(["a", "b"]), users.get("b")]);
    expect(outcomes).toEqual([
      { status: "rejected", reason: failure },
      { status: "rejected", reason: failure },
    ]);
  });

  test("with one bad key is refused whole and leaves no flight behind that others would wait for", async () => {
    const users = cache.namespace("user", { load: (id) => id });
    await expect(users.getMany(["a", "\ud800"])).rejects.toMatchObject({ code: "INVALID_KEY" });
    expect(await users.get("a")).toBe("a");
  });
});

describe("the observer", () => {
  test("hears misses, loads and hits by namespace and tier, and no key", async () => {
    const users = cache.namespace("user", { load: (id) => id });
    await users.get("secret-id");
    await users.get("secret-id");
    expect(observer.events).toEqual([
      { type: "miss", namespace: "user" },
      { type: "loaded", namespace: "user", keys: 1, durationMs: 0 },
      { type: "hit", namespace: "user", tier: "lru" },
    ]);
    expect(JSON.stringify(observer.events)).not.toContain("secret-id");
  });

  test("that throws is warned about once and breaks nothing", async () => {
    const warnings = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const broken = createCache({
      tiers: [lru()],
      observer: {
        on: () => {
          throw new Error("broken");
        },
      },
    });
    const users = broken.namespace("user", { load: (id) => id });
    expect(await users.get("1")).toBe("1");
    expect(await users.get("1")).toBe("1");
    expect(warnings).toHaveBeenCalledTimes(1);
    warnings.mockRestore();
  });
});

describe("a closed cache", () => {
  test("fires the signals of running loaders", async () => {
    const begun = Promise.withResolvers<void>();
    const users = cache.namespace("user", {
      load: (_id, { signal }) =>
        new Promise<string>((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("told to stop")));
          begun.resolve();
        }),
    });
    const reading = users.get("1");
    await begun.promise;
    await cache.close();
    await expect(reading).rejects.toThrow("told to stop");
  });

  test("begins no loader, not even for a read that was already under way", async () => {
    const load = vi.fn((id: string) => id);
    const reading = cache.namespace("user", { load }).get("1");
    await cache.close();
    await expect(reading).rejects.toMatchObject({ code: "CLOSED" });
    expect(load).not.toHaveBeenCalled();
  });

  test("refuses reads that would load, writes and declarations, and answers what it still holds", async () => {
    const users = cache.namespace("user", { load: (id) => id });
    await users.get("1");
    await cache.close();
    await cache.close();
    expect(await users.get("1")).toBe("1");
    await expect(users.get("2")).rejects.toMatchObject({ code: "CLOSED" });
    await expect(users.getMany(["1", "2"])).rejects.toMatchObject({ code: "CLOSED" });
    await expect(users.set("2", "v")).rejects.toMatchObject({ code: "CLOSED" });
    await expect(users.delete("2")).rejects.toMatchObject({ code: "CLOSED" });
    await expect(users.invalidate("2")).rejects.toMatchObject({ code: "CLOSED" });
    expect(() => cache.namespace("late")).toThrow(expect.objectContaining({ code: "CLOSED" }));
  });
});
