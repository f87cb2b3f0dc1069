import { beforeEach, describe, expect, test, vi } from "vitest";
import { LoneProcess } from "./lone-process.ts";

let lone: LoneProcess;

beforeEach(() => {
  lone = new LoneProcess();
});

describe("a read", () => {
  test("loads what no tier has, and is answered by the local tier from then on", async () => {
    const load = vi.fn(async (id: string) => ({ id }));
    const users = lone.cache.namespace("user", { load });
    const first = await users.get("1");
    expect(await users.get("1")).toBe(first);
    expect(load).toHaveBeenCalledTimes(1);
    expect(load.mock.calls[0]?.[0]).toBe("1");
  });

  test("is handed the same promise on every hit", async () => {
    const users = lone.cache.namespace("user", { load: (id) => ({ id }) });
    await users.get("1");
    expect(users.get("1")).toBe(users.get("1"));
  });

  test("loads again once the time to live is over, to the millisecond", async () => {
    const load = vi.fn(() => lone.clock.now());
    const times = lone.cache.namespace("time", { load });
    await times.get("now");
    lone.clock.advance(9_999);
    await times.get("now");
    expect(load).toHaveBeenCalledTimes(1);
    lone.clock.advance(1);
    await times.get("now");
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("never loads again what lives for ever", async () => {
    const load = vi.fn(() => 1);
    const evaluations = lone.cache.namespace("eval", { load, ttlMs: Number.POSITIVE_INFINITY });
    await evaluations.get("a");
    lone.clock.advance(1e15);
    await evaluations.get("a");
    expect(load).toHaveBeenCalledTimes(1);
  });

  test.each([undefined, null, 0, "", false, Number.NaN])("caches %s as what it is", async (value) => {
    const load = vi.fn(() => value);
    const odd = lone.cache.namespace("odd", { load });
    expect(await odd.get("a")).toBe(value);
    expect(await odd.get("a")).toBe(value);
    expect(await odd.getMany(["a", "a"])).toEqual([value, value]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("keeps the same id of two namespaces apart", async () => {
    const users = lone.cache.namespace("user", { load: (id) => `user ${id}` });
    const jobs = lone.cache.namespace("job", { load: (id) => `job ${id}` });
    expect(await users.get("1")).toBe("user 1");
    expect(await jobs.get("1")).toBe("job 1");
  });

  test("with a key that is no key is rejected, not thrown", async () => {
    const users = lone.cache.namespace("user", { key: (id: number) => [id], load: (id) => id });
    const read = users.get(Number.NaN);
    await expect(read).rejects.toMatchObject({ code: "INVALID_KEY" });
    await expect(users.getOrLoad(Number.NaN, () => 1)).rejects.toMatchObject({ code: "INVALID_KEY" });
    await expect(users.getMany([1, Number.NaN])).rejects.toMatchObject({ code: "INVALID_KEY" });
  });

  test("of a namespace without a loader finds what was set and loads nothing", async () => {
    const sessions = lone.cache.namespace<{ user: number }>("session");
    expect(await sessions.get("s")).toBeUndefined();
    await sessions.set("s", { user: 7 });
    expect(await sessions.get("s")).toEqual({ user: 7 });
    expect(await sessions.getMany(["s", "t"])).toEqual([{ user: 7 }, undefined]);
  });

  test("brings its own loader where the namespace has none", async () => {
    const sessions = lone.cache.namespace<string>("session");
    expect(await sessions.getOrLoad("s", (id) => `loaded ${id}`)).toBe("loaded s");
    expect(await sessions.getOrLoad("s", () => "never called")).toBe("loaded s");
    expect(await sessions.get("s")).toBe("loaded s");
  });
});

describe("a peek", () => {
  test("answers at once what the local tier holds, and nothing else", async () => {
    const load = vi.fn((id: string) => id);
    const users = lone.cache.namespace("user", { load });
    expect(users.peek("1")).toBeUndefined();
    await users.get("1");
    expect(users.peek("1")).toBe("1");
    lone.clock.advance(10_000);
    expect(users.peek("1")).toBeUndefined();
    expect(load).toHaveBeenCalledTimes(1);
  });
});

describe("concurrent reads", () => {
  test("of one cold key, 1,000 of them, call the loader once", async () => {
    const load = vi.fn(async (id: string) => ({ id }));
    const users = lone.cache.namespace("user", { load });
    const values = await Promise.all(Array.from({ length: 1_000 }, () => users.get("1")));
    expect(load).toHaveBeenCalledTimes(1);
    expect(new Set(values).size).toBe(1);
    expect(lone.observer.count("joined")).toBe(999);
  });

  test("share the loader's failure as it was thrown, and the next read loads again", async () => {
    const failure = new Error("origin is away");
    const load = vi.fn(async (): Promise<number> => {
      throw failure;
    });
    const users = lone.cache.namespace("user", { load });
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
    const users = lone.cache.namespace<number>("user", { load });
    const outcomes = await Promise.allSettled([users.get("1"), users.get("1")]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(lone.observer.count("load-failed")).toBe(1);
  });
});
