import { beforeEach, describe, expect, test, vi } from "vitest";
import { LoneProcess } from "./lone-process.ts";

let lone: LoneProcess;

beforeEach(() => {
  lone = new LoneProcess();
});

describe("a batch", () => {
  test("keeps the order, loads duplicates once, and loads all that is missing in one call", async () => {
    const loadMany = vi.fn((keys: readonly (readonly [id: number])[]) => keys.map(([id]) => id * 10));
    const scores = lone.cache.namespace("score", { key: (id: number) => [id], loadMany });
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
    const users = lone.cache.namespace("user", { load, loadMany });
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
    const users = lone.cache.namespace("user", { load });
    expect(await users.getMany(["a", "b", "a"])).toEqual(["A", "B", "A"]);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("is also what answers a single read where there is no single loader", async () => {
    const loadMany = vi.fn((keys: readonly (readonly [string])[]) => keys.map(([id]) => `${id}!`));
    const users = lone.cache.namespace("user", { loadMany });
    expect(await Promise.all([users.get("a"), users.get("a")])).toEqual(["a!", "a!"]);
    expect(loadMany).toHaveBeenCalledTimes(1);
  });

  test.each([
    ["too few values", [1], "1 values for 2 keys"],
    ["too many values", [1, 2, 3], "3 values for 2 keys"],
    ["no list", undefined, "no list for 2 keys"],
  ])("whose loader returns %s is refused, and nothing of it is kept", async (_, returned, message) => {
    const users = lone.cache.namespace("user", { loadMany: () => returned as number[] });
    await expect(users.getMany(["a", "b"])).rejects.toThrow(message);
    expect(users.peek("a")).toBeUndefined();
  });

  test("whose loader fails hands the failure to all who joined, and hangs nobody", async () => {
    const failure = new Error("origin is away");
    const users = lone.cache.namespace<number>("user", { loadMany: () => Promise.reject(failure) });
    const outcomes = await Promise.allSettled([users.getMany(["a", "b"]), users.get("b")]);
    expect(outcomes).toEqual([
      { status: "rejected", reason: failure },
      { status: "rejected", reason: failure },
    ]);
  });

  test("with one bad key is refused whole and leaves no flight behind that others would wait for", async () => {
    const users = lone.cache.namespace("user", { load: (id) => id });
    await expect(users.getMany(["a", "\ud800"])).rejects.toMatchObject({ code: "INVALID_KEY" });
    expect(await users.get("a")).toBe("a");
  });
});
