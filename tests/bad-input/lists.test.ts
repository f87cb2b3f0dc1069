import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const methods = ["getMany", "getManySettled", "setMany", "deleteMany", "invalidateMany"] as const;

const noLists: readonly (readonly [value: unknown, shown: string])[] = [
  [undefined, "undefined"],
  [null, "null"],
  ["a", '"a"'],
  [["a"].values(), "an object"],
  [new Set(["a"]), "an object"],
  [new Map([["a", "v"]]), "an object"],
  [{ a: "v" }, "an object"],
  [{ length: 1, 0: "a" }, "an object"],
  [7, "7"],
  [Promise.resolve(["a"]), "an object"],
  [() => ["a"], "a function"],
  [Uint8Array.of(1), "an object"],
];

describe.each(["share", "clone"] as const)("where values are to %s,", (isolate) => {
  test.each(methods.flatMap((method) => noLists.map(([value, shown]) => [method, value, shown] as const)))(
    "%s of %o is refused and touches nothing",
    async (method, value, shown) => {
      const load = vi.fn((id: string) => id);
      const texts = fleet.process({ isolate }).namespace("text", { load });
      await texts.set("a", "before");
      fleet.shared.clearCalls();
      await expect((texts[method] as (list: unknown) => Promise<unknown>)(value)).rejects.toMatchObject({
        code: "INVALID_KEY",
        message: `What was given to namespace "text" is ${shown}; allowed is a list of keys.`,
      });
      expect(load).not.toHaveBeenCalled();
      expect(fleet.shared.count()).toBe(0);
      expect(texts.peek("a")).toBe("before");
    },
  );
});

test.each(methods)("%s of nothing does nothing", async (method) => {
  const texts = fleet.process().namespace("text", { load: (id) => id });
  expect(await texts[method]([])).toEqual(method.startsWith("get") ? [] : { status: "done" });
  expect(fleet.shared.count()).toBe(0);
});

describe("setMany", () => {
  test.each<[unknown, string]>([
    ["ab", '"ab"'],
    [["a"], "an array"],
    [[], "an array"],
    [["a", "v", 10], "an array"],
    [{ a: "v" }, "an object"],
    [{ 0: "a", 1: "v", length: 2 }, "an object"],
    [undefined, "undefined"],
    [null, "null"],
    [new Map([["a", "v"]]), "an object"],
  ])("with an entry that is no pair, %o, is refused whole", async (entry, shown) => {
    const texts = fleet.process().namespace<unknown>("text");
    await texts.set("a", "before");
    fleet.shared.clearCalls();
    await expect(texts.setMany([["a", "after"], entry as never])).rejects.toMatchObject({
      code: "INVALID_KEY",
      message: `An entry given to text is ${shown}; allowed is a key and its value.`,
    });
    expect(texts.peek("a")).toBe("before");
    expect(fleet.shared.count()).toBe(0);
  });

  test("keeps undefined where that is the value of a pair", async () => {
    const texts = fleet.process().namespace<string | undefined>("text");
    expect(await texts.setMany([["a", undefined]])).toEqual({ status: "done" });
    expect(await texts.read("a")).toMatchObject({ value: undefined, source: "lru" });
  });

  test("of the entries of a Map keeps each", async () => {
    const texts = fleet.process().namespace<number>("text");
    await texts.setMany([
      ...new Map([
        ["a", 1],
        ["b", 2],
      ]),
    ]);
    expect(await texts.getMany(["a", "b"])).toEqual([1, 2]);
  });
});

describe("a batch", () => {
  test("in which a loader waits for itself fails at that key alone", async () => {
    const load = async (id: string): Promise<unknown> =>
      id === "a" ? texts.getManySettled(["a", "b"]) : `loaded ${id}`;
    const texts = fleet.process().namespace<unknown>("text", { load });
    expect(await texts.get("a")).toEqual([
      { status: "rejected", reason: expect.objectContaining({ code: "LOADS_ITSELF" }) },
      { status: "fulfilled", value: "loaded b" },
    ]);
  });

  test("that is refused leaves no unhandled rejection of a load it had joined", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const answer = Promise.withResolvers<string>();
    const cache = fleet.process();
    const texts = cache.namespace("text", { load: () => answer.promise, softTimeoutMs: 10 });
    const first = texts.getMany(["a"]).catch((error: unknown) => error);
    await fleet.settled();
    await expect(texts.getMany(["a", "\ud800"])).rejects.toMatchObject({ code: "INVALID_KEY" });
    await cache.close();
    await expect(texts.getMany(["a", "b"])).rejects.toMatchObject({ code: "CLOSED" });
    const away = new Error("origin is away");
    answer.reject(away);
    expect(await first).toBe(away);
    await fleet.settled();
    await fleet.settled();
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });
});
