import { beforeEach, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

/* What goes wrong elsewhere with reads of many keys. */

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

type Keys = readonly (readonly [id: string])[];

const upper = (keys: Keys): string[] => keys.map(([id]) => id.toUpperCase());

// Elsewhere hits come first and loaded values after them, whatever was asked for.
test("values come in the order of the keys, wherever each is from", async () => {
  await fleet.process().namespace<string>("text").set("remote", "from the remote tier");
  const loadMany = vi.fn(upper);
  const texts = fleet.process().namespace("text", { loadMany });
  await texts.set("local", "from the local tier");
  expect(await texts.getMany(["z", "remote", "a", "local", "m"])).toEqual([
    "Z",
    "from the remote tier",
    "A",
    "from the local tier",
    "M",
  ]);
  expect(loadMany.mock.calls.map(([keys]) => keys)).toEqual([[["z"], ["a"], ["m"]]]);
});

// Elsewhere a key that stands there twice is read and loaded twice, and by a batch loader answered once.
test("a key that stands there several times is read once, loaded once and answered at each place", async () => {
  const loadMany = vi.fn(upper);
  const texts = fleet.process().namespace("text", { loadMany });
  expect(await texts.getMany(["a", "b", "a", "b", "a"])).toEqual(["A", "B", "A", "B", "A"]);
  expect(loadMany.mock.calls.map(([keys]) => keys)).toEqual([[["a"], ["b"]]]);
  expect(valuesIn(fleet.shared).reads).toEqual([["text:a", "text:b"]]);
});

// Elsewhere a key that the origin does not have leaves no gap: the list is shorter and everything after it is shifted.
test("a key without a value leaves a gap at its place, with and without a loader", async () => {
  const loadMany = (keys: Keys): (string | undefined)[] => keys.map(([id]) => (id === "b" ? undefined : id));
  const texts = fleet.process().namespace<string | undefined>("text", { loadMany });
  expect(await texts.getMany(["a", "b", "c"])).toEqual(["a", undefined, "c"]);
  const found = fleet.process().namespace<string>("found");
  await found.set("b", "v");
  expect(await found.getMany(["a", "b", "c"])).toEqual([undefined, "v", undefined]);
});

// Elsewhere each key of a batch is a trip of its own.
test("a batch is one trip to the remote tier and one load for all that is missing", async () => {
  const ids = Array.from({ length: 300 }, (_, id) => `${id}`);
  const loadMany = vi.fn(upper);
  await fleet.process().namespace("text", { loadMany }).getMany(ids);
  expect(valuesIn(fleet.shared).reads).toEqual([ids.map((id) => `text:${id}`)]);
  expect(loadMany).toHaveBeenCalledTimes(1);
});

// Elsewhere a batch knows nothing of single reads, and the same key is loaded by both.
test("a batch and single reads of its keys share one load, whichever came first", async () => {
  const load = vi.fn(async (id: string) => `one ${id}`);
  const loadMany = vi.fn(async (keys: Keys) => keys.map(([id]) => `many ${id}`));
  const texts = fleet.process().namespace("text", { load, loadMany });
  const reads = [texts.get("a"), texts.getMany(["a", "b"]), texts.get("b"), texts.getMany(["b", "a"])];
  expect(await Promise.all(reads)).toEqual(["one a", ["one a", "many b"], "many b", ["many b", "one a"]]);
  expect(load.mock.calls.length + loadMany.mock.calls.length).toBe(2);
});

// Elsewhere the values that a batch has loaded are kept by batches alone.
test("what a batch has loaded answers single reads, here and in other processes", async () => {
  const texts = fleet.process().namespace("text", { loadMany: upper });
  await texts.getMany(["a", "b"]);
  expect(texts.peek("a")).toBe("A");
  await fleet.settled();
  expect(await fleet.process().namespace<string>("text").get("b")).toBe("B");
});
