import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

type Keys = readonly (readonly [id: string])[];

const upper = (keys: Keys): string[] => keys.map(([id]) => id.toUpperCase());

describe("a batch", () => {
  test("case 105: of no keys is an empty list and asks nobody", async () => {
    const loadMany = vi.fn(upper);
    const texts = fleet.process().namespace("text", { loadMany });
    expect(await texts.getMany([])).toEqual([]);
    expect(loadMany).not.toHaveBeenCalled();
    expect(fleet.shared.count()).toBe(0);
  });

  test("case 106: of duplicates asks for each key once and answers at each place", async () => {
    const loadMany = vi.fn(upper);
    const texts = fleet.process().namespace("text", { loadMany });
    expect(await texts.getMany(["a", "b", "a", "a"])).toEqual(["A", "B", "A", "A"]);
    expect(loadMany.mock.calls[0]?.[0]).toEqual([["a"], ["b"]]);
    expect(valuesIn(fleet.shared).reads).toEqual([["text:a", "text:b"]]);
  });

  test("case 106: of one key written in several ways asks for it once", async () => {
    const loadMany = vi.fn((keys: readonly (readonly [id: number | string])[]) => keys.map(([id]) => `${id}!`));
    const texts = fleet.process().namespace("text", { key: (id: number | string) => [id], loadMany });
    expect(await texts.getMany([1, "1", [1]])).toEqual(["1!", "1!", "1!"]);
    expect(loadMany.mock.calls[0]?.[0]).toEqual([[1]]);
  });

  test("case 107: of fifty thousand keys is answered whole and in order", async () => {
    const ids = Array.from({ length: 50_000 }, (_, id) => `${id}`);
    const texts = fleet.process().namespace("text", { loadMany: (keys: Keys) => keys.map(([id]) => `v${id}`) });
    const found = await texts.getMany(ids);
    expect(found.length).toBe(ids.length);
    expect(found.every((text, index) => text === `v${index}`)).toBe(true);
  });

  test.each([
    ["undefined", undefined],
    ["null", null],
    ["a number", 1],
    ["an empty tuple", []],
    ["broken text", "\ud800"],
  ])("case 108: with %s among its keys is refused whole, and nobody hangs on the others", async (_kind, wrong) => {
    const loadMany = vi.fn(upper);
    const texts = fleet.process().namespace("text", { loadMany });
    await expect(texts.getMany(["a", wrong as never, "b"])).rejects.toMatchObject({ code: "INVALID_KEY" });
    expect(loadMany).not.toHaveBeenCalled();
    expect(fleet.shared.count()).toBe(0);
    expect(await texts.getMany(["a", "b"])).toEqual(["A", "B"]);
  });
});

describe("a batch loader", () => {
  const told = (given: string) => ({
    code: "INVALID_BATCH",
    message: `loadMany of namespace "text" returned ${given} for 2 keys; allowed is a list of one value a key, in order.`,
  });

  test.each<[string, unknown, string]>([
    ["fewer values", ["A"], "1 values"],
    ["no values", [], "0 values"],
    ["more values", ["A", "B", "C"], "3 values"],
    ["undefined", undefined, "no list"],
    ["null", null, "no list"],
    ["an object by key", { a: "A", b: "B" }, "no list"],
    ["a Map by key", new Map([["a", "A"]]), "no list"],
    ["a text as long as the list", "AB", "no list"],
    ["something like a list", { length: 2, 0: "A", 1: "B" }, "no list"],
  ])("case 109: that returns %s is refused, and none of it is kept", async (_kind, returned, given) => {
    const loadMany = vi.fn(async (_keys: Keys) => returned as string[]);
    const texts = fleet.process().namespace("text", { loadMany });
    const reads = await Promise.allSettled([texts.getMany(["a", "b"]), texts.get("a"), texts.get("b")]);
    const refused = { status: "rejected", reason: expect.objectContaining(told(given)) };
    expect(reads).toEqual([refused, refused, refused]);
    await fleet.settled();
    expect(texts.peek("a")).toBeUndefined();
    expect(valuesIn(fleet.shared).count("write")).toBe(0);
    loadMany.mockResolvedValueOnce(["A", "B"]);
    expect(await texts.getMany(["a", "b"])).toEqual(["A", "B"]);
  });

  test("case 109: whose order depends on the store is the caller's to sort: values go by their place", async () => {
    const texts = fleet.process().namespace("text", { loadMany: (keys: Keys) => upper(keys).toReversed() });
    expect(await texts.getMany(["a", "b"])).toEqual(["B", "A"]);
  });

  test("case 109: that says of some keys that there is none is not asked for those again", async () => {
    const loadMany = vi.fn((keys: Keys) => keys.map(([id]) => (id === "a" ? "A" : undefined)));
    const texts = fleet.process().namespace("text", { loadMany });
    expect(await texts.getMany(["a", "b"])).toEqual(["A", undefined]);
    expect(await texts.getMany(["b", "a"])).toEqual([undefined, "A"]);
    await fleet.settled();
    expect(await fleet.process().namespace("text", { loadMany }).getMany(["b"])).toEqual([undefined]);
    expect(loadMany).toHaveBeenCalledTimes(1);
  });

  test("case 109: that keeps or changes the list of keys it was given harms nobody", async () => {
    const loadMany = (keys: Keys): string[] => {
      const values = upper(keys);
      (keys as unknown as string[][]).length = 0;
      return values;
    };
    const texts = fleet.process().namespace("text", { loadMany });
    expect(await texts.getMany(["a", "b"])).toEqual(["A", "B"]);
    expect([texts.peek("a"), texts.peek("b")]).toEqual(["A", "B"]);
  });

  test.each([
    [83, "throws at once", new Error("origin is away")],
    [84, "rejects with undefined", undefined],
  ])("case %i: that %s fails the batch and all who joined it, once", async (_case, _kind, failure) => {
    const loadMany = vi.fn((_keys: Keys): Promise<string[]> => {
      if (failure !== undefined) throw failure;
      return Promise.reject();
    });
    const texts = fleet.process().namespace("text", { loadMany });
    const reads = await Promise.allSettled([texts.getMany(["a", "b"]), texts.get("b"), texts.getMany(["b", "a"])]);
    expect(reads).toEqual(Array.from({ length: 3 }, () => ({ status: "rejected", reason: failure })));
    expect(loadMany).toHaveBeenCalledTimes(1);
  });

  test("case 88: that never ends gives all of its readers a LOAD_TIMEOUT", async () => {
    const rules = { loadMany: () => new Promise<string[]>(() => {}), hardTimeoutMs: 50 };
    const texts = fleet.process().namespace("text", rules);
    const reads = Promise.allSettled([texts.getMany(["a", "b"]), texts.get("b")]);
    await fleet.settled();
    fleet.clock.advance(50);
    const timedOut = { status: "rejected", reason: expect.objectContaining({ code: "LOAD_TIMEOUT" }) };
    expect(await reads).toEqual([timedOut, timedOut]);
  });
});
