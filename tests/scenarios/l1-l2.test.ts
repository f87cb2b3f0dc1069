import {
  type Cache,
  CacheError,
  type CacheOptions,
  createCache,
  json,
  minutes,
  type Serializer,
} from "@tiercache/core";
import { lru } from "@tiercache/lru";

import { chaos, manualClock, memoryTier, recordingObserver } from "@tiercache/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";

let clock: ReturnType<typeof manualClock>;
let observer: ReturnType<typeof recordingObserver>;
let shared: ReturnType<typeof chaos>;

beforeEach(() => {
  clock = manualClock();
  observer = recordingObserver();
  shared = chaos(memoryTier({ clock }));
});

/** The cache of one more process, with a local tier of its own in front of what all share. */
function processCache(options: Partial<CacheOptions> = {}): Cache {
  return createCache({ tiers: [lru(), shared], clock, observer, ttlMs: minutes(1), ...options });
}

/** Lets everything run that waits for no reply and no timer. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe("a value loaded by one process", () => {
  test("is read by another without a load", async () => {
    const load = vi.fn((id: string) => ({ id }));
    await processCache().namespace("user", { load }).get("1");
    await settled();
    expect(await processCache().namespace("user", { load }).get("1")).toEqual({ id: "1" });
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("lives no longer in another process than where it was loaded", async () => {
    const load = vi.fn(() => clock.now());
    await processCache().namespace("time", { load }).get("t");
    await settled();
    clock.advance(minutes(1) - 10);
    const times = processCache().namespace("time", { load });
    await times.get("t");
    clock.advance(9);
    await times.get("t");
    expect(load).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await times.get("t");
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("is not shared between applications of different prefixes", async () => {
    const load = vi.fn((id: string) => id);
    await processCache({ prefix: "one" }).namespace("user", { load }).get("1");
    await settled();
    await processCache({ prefix: "two" }).namespace("user", { load }).get("1");
    expect(load).toHaveBeenCalledTimes(2);
  });
});

describe.each<[string, Serializer]>([["json", json]])("through %s", (_, serializer) => {
  test.each([[undefined], [null], [0], [""], [false], [{ deep: { list: [1, "two", null] } }]])(
    "%o comes back from the remote tier as it was loaded",
    async (value) => {
      const load = vi.fn(() => value);
      await processCache({ serializer }).namespace("odd", { load }).get("a");
      await settled();
      expect(await processCache({ serializer }).namespace("odd", { load }).get("a")).toEqual(value);
      expect(load).toHaveBeenCalledTimes(1);
    },
  );

  test("what a caller does to a loaded value does not reach the remote tier", async () => {
    const first = await processCache({ serializer })
      .namespace("list", { load: () => [1] })
      .get("a");
    first.push(2);
    await settled();
    expect(
      await processCache({ serializer })
        .namespace("list", { load: () => [9] })
        .get("a"),
    ).toEqual([1]);
  });
});

describe("reads of one tick", () => {
  test("reach the remote tier as one, whichever namespaces they are of", async () => {
    const cache = processCache();
    const users = cache.namespace("user", { load: (id) => id });
    const jobs = cache.namespace("job", { load: (id) => id });
    await Promise.all([users.get("1"), jobs.get("1"), users.get("2"), users.get("1")]);
    expect(shared.reads).toEqual([["user:1", "job:1", "user:2"]]);
  });

  test("of a batch ask the remote tier once and load once", async () => {
    const loadMany = vi.fn((keys: readonly (readonly [id: number])[]) => keys.map(([id]) => id));
    const declaration = { key: (id: number): [number] => [id], loadMany };
    await processCache().namespace("n", declaration).getMany([1, 2]);
    await settled();
    shared.clearCalls();
    expect(await processCache().namespace("n", declaration).getMany([3, 2, 1, 4, 3])).toEqual([3, 2, 1, 4, 3]);
    expect(shared.reads).toEqual([["n:3", "n:2", "n:1", "n:4"]]);
    expect(loadMany).toHaveBeenCalledTimes(2);
    expect(loadMany.mock.calls[1]?.[0]).toEqual([[3], [4]]);
  });
});

describe("a remote tier that fails", () => {
  test("costs a reader nothing but the load, and is told to the observer without a key", async () => {
    shared.fail();
    const users = processCache().namespace("user", { load: (id) => id });
    expect(await users.get("secret-id")).toBe("secret-id");
    expect(await users.getMany(["a", "b"])).toEqual(["a", "b"]);
    await settled();
    expect(observer.events).toContainEqual({
      type: "tier-failed",
      tier: shared.name,
      operation: "read",
      code: expect.any(String),
    });
    expect(observer.events).toContainEqual({
      type: "tier-failed",
      tier: shared.name,
      operation: "write",
      code: expect.any(String),
    });
    expect(JSON.stringify(observer.events)).not.toContain("secret-id");
  });

  test.each<[string, Error, string]>([
    ["its own code", Object.assign(new Error("secret"), { code: "ECONNRESET" }), "ECONNRESET"],
    ["its name", new TypeError("secret"), "TypeError"],
    ["the code of its cause", new CacheError("TIER_FAILED", "secret", { cause: { code: "OOM" } }), "OOM"],
    ["our code for it", new CacheError("TIER_FAILED", "secret"), "TIER_FAILED"],
  ])("is reported by %s and by nothing else of the error", async (_, error, code) => {
    shared.fail(error);
    await processCache()
      .namespace("user", { load: (id) => id })
      .get("1");
    expect(observer.of("tier-failed")[0]).toEqual({ type: "tier-failed", tier: "memory", operation: "read", code });
    expect(JSON.stringify(observer.events)).not.toContain("secret");
  });

  test("does not make a write reject, but the writer is told", async () => {
    const users = processCache().namespace<string>("user");
    expect(await users.set("1", "v")).toEqual({ status: "done" });
    shared.fail();
    expect(await users.set("1", "w")).toEqual({ status: "failed" });
    expect(await users.get("1")).toBe("w");
    expect(await users.delete("1")).toEqual({ status: "failed" });
    expect(users.peek("1")).toBeUndefined();
    shared.heal();
    expect(await users.delete("1")).toEqual({ status: "done" });
  });

  test("is used again once it has healed", async () => {
    shared.fail();
    const load = vi.fn((id: string) => id);
    await processCache().namespace("user", { load }).get("1");
    shared.heal();
    await processCache().namespace("user", { load }).get("1");
    await settled();
    await processCache().namespace("user", { load }).get("1");
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("whose time is unknown is neither believed nor written to", async () => {
    await processCache()
      .namespace("user", { load: () => "before" })
      .get("1");
    await settled();
    shared.loseTime();
    expect(
      await processCache()
        .namespace("user", { load: () => "after" })
        .get("1"),
    ).toBe("after");
    expect(await processCache().namespace<string>("user").set("1", "x")).toEqual({ status: "failed" });
  });
});

describe("a remote tier that hangs", () => {
  test("costs a reader one deadline, then the load", async () => {
    shared.hang();
    const load = vi.fn((id: string) => id);
    const reading = processCache({ deadlineMs: 200 }).namespace("user", { load }).get("1");
    await settled();
    clock.advance(199);
    await settled();
    expect(load).not.toHaveBeenCalled();
    clock.advance(1);
    expect(await reading).toBe("1");
    expect(observer.events).toContainEqual({
      type: "tier-failed",
      tier: shared.name,
      operation: "read",
      code: "TIER_TIMEOUT",
    });
  });

  test("is not waited for by the reader whose value is written there", async () => {
    const users = processCache().namespace("user", { load: (id) => id });
    shared.hold("write");
    expect(await users.get("1")).toBe("1");
    shared.release();
  });

  test("keeps a closing cache no longer than the deadline", async () => {
    const cache = processCache({ deadlineMs: 200 });
    const users = cache.namespace("user", { load: (id) => id });
    shared.hold("write");
    await users.get("1");
    await settled();
    let closed = false;
    const closing = cache.close().then(() => {
      closed = true;
    });
    await settled();
    expect(closed).toBe(false);
    clock.advance(200);
    await closing;
    expect(observer.events).toContainEqual({
      type: "tier-failed",
      tier: shared.name,
      operation: "write",
      code: "TIER_TIMEOUT",
    });
  });
});

describe("a delete", () => {
  test("while a remote read is on its way is not undone by what that read brings", async () => {
    await processCache()
      .namespace("user", { load: () => "old" })
      .get("1");
    await settled();
    const users = processCache().namespace("user", { load: () => "new" });
    shared.hold("read");
    const reading = users.get("1");
    await settled();
    expect(await users.delete("1")).toEqual({ status: "done" });
    shared.release();
    expect(await reading).toBe("old");
    expect(users.peek("1")).toBeUndefined();
    expect(await users.get("1")).toBe("new");
  });

  test("is not undone by a read that fetched the old value before the remote tier had followed", async () => {
    const users = processCache().namespace("user", { load: () => "new" });
    await users.set("1", "old");
    shared.hold("remove", "request");
    const deleting = users.delete("1");
    expect(await users.get("1")).toBe("old");
    expect(users.peek("1")).toBe("old");
    shared.release();
    await deleting;
    expect(users.peek("1")).toBeUndefined();
    expect(await users.get("1")).toBe("new");
  });
});

describe("what lies in the remote tier under our key", () => {
  test.each([
    ["foreign text", Buffer.from("hello")],
    ["nothing at all", Buffer.alloc(0)],
    ["a frame of another serializer", Buffer.from("c1f501630000000000000000000000007ff000000000000000000000", "hex")],
  ])("and is %s is a counted miss, and is replaced", async (_, bytes) => {
    const call = { signal: new AbortController().signal, ttlMs: minutes(1) };
    await shared.write("user:1", bytes, call);
    const load = vi.fn((id: string) => `loaded ${id}`);
    expect(await processCache().namespace("user", { load }).get("1")).toBe("loaded 1");
    expect(observer.count("frame-rejected")).toBe(1);
    await settled();
    expect(await processCache().namespace("user", { load }).get("1")).toBe("loaded 1");
    expect(load).toHaveBeenCalledTimes(1);
  });
});

describe("a value that the serializer refuses", () => {
  test("is returned and kept locally when it was loaded", async () => {
    const load = vi.fn(() => ({ big: 1n }));
    const users = processCache({ serializer: json }).namespace("user", { load });
    expect(await users.get("1")).toEqual({ big: 1n });
    expect(await users.get("1")).toEqual({ big: 1n });
    expect(load).toHaveBeenCalledTimes(1);
    expect(observer.count("encode-failed")).toBe(1);
  });

  test("is refused when it is set, and changes nothing", async () => {
    const users = processCache({ serializer: json }).namespace<unknown>("user");
    await users.set("1", "before");
    await expect(users.set("1", { big: 1n })).rejects.toMatchObject({ code: "INVALID_VALUE" });
    expect(await users.get("1")).toBe("before");
  });
});

describe("a cache without a local tier", () => {
  test("reads the remote tier every time and shares what is under way", async () => {
    const load = vi.fn((id: string) => id);
    const users = createCache({ tiers: [shared], clock, observer }).namespace("user", { load });
    await Promise.all([users.get("1"), users.get("1")]);
    await settled();
    await users.get("1");
    expect(load).toHaveBeenCalledTimes(1);
    expect(users.peek("1")).toBeUndefined();
    expect(shared.reads).toHaveLength(2);
  });
});

describe("three tiers", () => {
  test("are asked nearest first, and the nearer ones get a copy with the life that is left", async () => {
    const far = chaos(memoryTier({ clock, name: "far", epochMs: 5_000 }));
    const near = chaos(memoryTier({ clock, name: "near", epochMs: 9_000_000 }));
    const load = vi.fn(() => clock.now());
    await createCache({ tiers: [far], clock, ttlMs: 100 })
      .namespace("time", { load })
      .get("t");
    await settled();
    clock.advance(60);
    const three = createCache({ tiers: [lru(), near, far], clock, ttlMs: 100 }).namespace("time", { load });
    await three.get("t");
    await settled();
    const nearAlone = createCache({ tiers: [near], clock, ttlMs: 100 }).namespace<number>("time");
    clock.advance(39);
    expect(three.peek("t")).toBe(0);
    expect(await nearAlone.get("t")).toBe(0);
    clock.advance(1);
    expect(three.peek("t")).toBeUndefined();
    expect(await nearAlone.get("t")).toBeUndefined();
    expect(load).toHaveBeenCalledTimes(1);
  });
});
