import type { BatchLoaderContext } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { valuesIn } from "../values-in.ts";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

type Keys = readonly (readonly [id: string])[];

/** What went wrong with each key; a key that is not named here is well. */
type Faults = Map<string, unknown>;

/** A loader of many keys, each of which fails by itself while it has a fault. */
function faulty(faults: Faults) {
  return vi.fn(async (keys: Keys, { failed }: BatchLoaderContext) =>
    keys.map(([id]) => (faults.has(id) ? failed(faults.get(id)) : id.toUpperCase())),
  );
}

const noSuchRow = new Error("no such row");
const locked = new Error("the row is locked");

describe("a batch some of whose keys fail", () => {
  test("gives every key its own result, in order, and asks for duplicates once", async () => {
    const loadMany = faulty(
      new Map([
        ["b", noSuchRow],
        ["d", locked],
      ]),
    );
    const texts = fleet.process().namespace("text", { loadMany });
    const results = await texts.getManySettled(["a", "b", "c", "b", "d", "a"]);
    expect(results).toEqual([
      { status: "fulfilled", value: "A" },
      { status: "rejected", reason: noSuchRow },
      { status: "fulfilled", value: "C" },
      { status: "rejected", reason: noSuchRow },
      { status: "rejected", reason: locked },
      { status: "fulfilled", value: "A" },
    ]);
    expect(loadMany.mock.calls.map(([keys]) => keys)).toEqual([[["a"], ["b"], ["c"], ["d"]]]);
  });

  test("rejects as a whole with the very error of the first that fails", async () => {
    const loadMany = faulty(
      new Map([
        ["d", locked],
        ["b", noSuchRow],
      ]),
    );
    const texts = fleet.process().namespace("text", { loadMany });
    await expect(texts.getMany(["a", "b", "c", "d"])).rejects.toBe(noSuchRow);
    await expect(texts.getMany(["d", "a", "b"])).rejects.toBe(locked);
  });

  test.each([
    ["undefined", undefined],
    ["null", null],
    ["a text", "gone"],
    ["false", false],
  ] as const)("rejects with %s where that is the failure", async (_kind, failure) => {
    const texts = fleet.process().namespace("text", { loadMany: faulty(new Map([["a", failure]])) });
    expect(await texts.getManySettled(["a", "b"])).toEqual([
      { status: "rejected", reason: failure },
      { status: "fulfilled", value: "B" },
    ]);
    const [outcome] = await Promise.allSettled([texts.get("a")]);
    expect(outcome).toEqual({ status: "rejected", reason: failure });
  });

  test("fails single reads that joined it with their own key's error, and no others", async () => {
    const texts = fleet.process().namespace("text", { loadMany: faulty(new Map([["b", noSuchRow]])) });
    const many = texts.getManySettled(["a", "b"]);
    const [a, b, read] = await Promise.allSettled([texts.get("a"), texts.get("b"), texts.read("b")]);
    expect([a, b, read]).toEqual([
      { status: "fulfilled", value: "A" },
      { status: "rejected", reason: noSuchRow },
      { status: "rejected", reason: noSuchRow },
    ]);
    expect((await many).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(fleet.observer.count("joined")).toBe(3);
  });

  test("is told to the observer by how many keys were loaded and how many failed", async () => {
    const faults: Faults = new Map([
      ["b", noSuchRow],
      ["c", locked],
    ]);
    const texts = fleet.process().namespace("text", { loadMany: faulty(faults) });
    await texts.getManySettled(["a", "b", "c", "c"]);
    expect(fleet.observer.of("loaded").map(({ keys }) => keys)).toEqual([1]);
    expect(fleet.observer.of("load-failed").map(({ keys }) => keys)).toEqual([2]);
    fleet.observer.clear();
    await texts.getManySettled(["b", "c"]);
    expect(fleet.observer.count("loaded")).toBe(0);
    expect(fleet.observer.of("load-failed").map(({ keys }) => keys)).toEqual([2]);
  });

  test("keeps nothing of those, and the next read asks for those alone", async () => {
    const faults: Faults = new Map([["b", noSuchRow]]);
    const loadMany = faulty(faults);
    const texts = fleet.process().namespace("text", { loadMany });
    await texts.getManySettled(["a", "b"]);
    await fleet.settled();
    expect([texts.peek("a"), texts.peek("b")]).toEqual(["A", undefined]);
    expect(valuesIn(fleet.shared).writes).toEqual(["text:a"]);
    faults.clear();
    expect(await texts.getMany(["a", "b"])).toEqual(["A", "B"]);
    expect(loadMany.mock.calls.map(([keys]) => keys)).toEqual([[["a"], ["b"]], [["b"]]]);
  });

  test("serves each of those its own stale value where the rules allow it, and tries it again after a while", async () => {
    const faults: Faults = new Map();
    const loadMany = faulty(faults);
    const rules = { loadMany, ttlMs: 100, staleIfErrorMs: 1_000, retryLoadAfterMs: 30 };
    const texts = fleet.process().namespace("text", rules);
    await texts.getMany(["a", "b"]);
    fleet.clock.advance(150);
    for (const id of ["b", "c"]) faults.set(id, noSuchRow);
    expect(await texts.getManySettled(["a", "b", "c"])).toEqual([
      { status: "fulfilled", value: "A" },
      { status: "fulfilled", value: "B" },
      { status: "rejected", reason: noSuchRow },
    ]);
    expect(fleet.observer.of("stale")).toEqual([{ type: "stale", namespace: "text", ageMs: 50, why: "load-failed" }]);
    fleet.clock.advance(29);
    expect(await texts.getMany(["a", "b"])).toEqual(["A", "B"]);
    expect(loadMany).toHaveBeenCalledTimes(2);
    fleet.clock.advance(1);
    await texts.getMany(["a", "b"]);
    expect(loadMany.mock.calls[2]?.[0]).toEqual([["b"]]);
  });

  test("behind a reader's back leaves him the stale value, and its neighbours the new one", async () => {
    const faults: Faults = new Map();
    const texts = fleet
      .process()
      .namespace("text", { loadMany: faulty(faults), ttlMs: 100, staleWhileRevalidateMs: 1_000 });
    await texts.getMany(["a", "b"]);
    fleet.clock.advance(150);
    faults.set("b", noSuchRow);
    expect(await texts.getMany(["a", "b"])).toEqual(["A", "B"]);
    await fleet.settled();
    expect(await texts.read("a")).toMatchObject({ value: "A", stale: undefined });
    expect(await texts.read("b")).toMatchObject({ value: "B", stale: "held" });
  });

  test("too late for those who wait is nobody's rejection, and the others are kept all the same", async () => {
    const gate = Promise.withResolvers<void>();
    const load = faulty(new Map([["b", noSuchRow]]));
    const loadMany = async (keys: Keys, context: BatchLoaderContext): Promise<string[]> => {
      await gate.promise;
      return load(keys, context);
    };
    const texts = fleet.process().namespace("text", { loadMany, hardTimeoutMs: 50 });
    const results = texts.getManySettled(["a", "b"]);
    await fleet.settled();
    fleet.clock.advance(50);
    expect((await results).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    gate.resolve();
    await fleet.settled();
    expect([texts.peek("a"), texts.peek("b")]).toEqual(["A", undefined]);
    expect(fleet.observer.of("load-failed").map(({ keys }) => keys)).toEqual([1]);
  });

  test("fails whole where failed was called and not returned", async () => {
    const loadMany = (keys: Keys, { failed }: BatchLoaderContext): string[] =>
      keys.map(([id]) => {
        if (id === "b") void failed(noSuchRow);
        return id;
      });
    const texts = fleet.process().namespace("text", { loadMany });
    const message = 'A loader of namespace "text" called unchanged() or failed() and did not return what it got.';
    const reason = expect.objectContaining({ code: "INVALID_VALUE", message });
    const refused = { status: "rejected", reason };
    expect(await texts.getManySettled(["a", "b"])).toEqual([refused, refused]);
    expect(await Promise.allSettled([texts.get("b")])).toEqual([refused]);
    expect(texts.peek("a")).toBeUndefined();
  });
});

test("of a batch, only the key that has nothing stale fails where a loader finds all unchanged", async () => {
  const loadMany = (keys: Keys, { unchanged }: BatchLoaderContext): string[] => keys.map(() => unchanged());
  const texts = fleet.process().namespace("text", { loadMany, ttlMs: 100, staleIfErrorMs: 1_000 });
  await texts.set("a", "kept");
  fleet.clock.advance(100);
  expect(await texts.getManySettled(["a", "b"])).toEqual([
    { status: "fulfilled", value: "kept" },
    { status: "rejected", reason: expect.objectContaining({ code: "INVALID_VALUE" }) },
  ]);
  expect(fleet.observer.of("loaded").map(({ keys }) => keys)).toEqual([1]);
  expect(fleet.observer.of("load-failed").map(({ keys }) => keys)).toEqual([1]);
});
