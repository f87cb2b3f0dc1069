import type { Entry, LocalSpace } from "@tiercache/core";
import { entryOf, localTierSuite } from "@tiercache/testing";
import { describe, expect, test } from "vitest";
import { type LruOptions, lru } from "./lru.ts";

const sizeOf = (value: unknown): number => (value as { readonly bytes: number }).bytes;

function ofBytes(bytes: number): Entry<unknown> {
  return entryOf({ bytes });
}

function fill(space: LocalSpace<unknown>, ids: readonly (string | number)[], bytes: number): void {
  for (const id of ids) space.set(String(id), ofBytes(bytes), 0);
}

describe("the contract, by entries", () => {
  for (const { title, run } of localTierSuite(() => lru({ maxEntries: 100 }), { maxEntries: 100 })) test(title, run);
});

describe("the contract, by bytes", () => {
  const options = { maxBytes: 100, sizeOf: () => 1 };
  for (const { title, run } of localTierSuite(() => lru(options), { maxEntries: 100 })) test(title, run);
});

describe("the contract, without options", () => {
  for (const { title, run } of localTierSuite(() => lru(), { maxEntries: 10_000 })) test(title, run);
});

test("one space may use the whole budget while the others are idle", () => {
  const tier = lru({ maxEntries: 100 });
  const busy = tier.open("busy");
  const idle = tier.open("idle");
  for (let id = 0; id < 100; id++) busy.set(String(id), entryOf(id), 0);
  expect([busy.size, idle.size]).toEqual([100, 0]);
});

test("a busy space cannot push another below its equal share", () => {
  const tier = lru({ maxEntries: 100 });
  const [quiet, busy, other] = [tier.open("quiet"), tier.open("busy"), tier.open("other")];
  for (let id = 0; id < 33; id++) quiet.set(String(id), entryOf(id), 0);
  for (let id = 0; id < 10; id++) other.set(String(id), entryOf(id), 0);
  for (let id = 0; id < 5_000; id++) busy.set(String(id), entryOf(id), 0);
  expect([quiet.size, busy.size, other.size]).toEqual([33, 57, 10]);
});

test("a space that held everything shrinks to its share as another grows", () => {
  const tier = lru({ maxEntries: 100 });
  const [first, second] = [tier.open("first"), tier.open("second")];
  for (let id = 0; id < 100; id++) first.set(String(id), entryOf(id), 0);
  for (let id = 0; id < 1_000; id++) second.set(String(id), entryOf(id), 0);
  expect([first.size, second.size]).toEqual([50, 50]);
  expect(first.get("99")?.value).toBe(99);
  expect(first.get("0")).toBeUndefined();
});

test("the entry dropped is the one not used for the longest time", () => {
  const space = lru({ maxEntries: 3 }).open("space");
  for (const id of ["a", "b", "c"]) space.set(id, entryOf(id), 0);
  space.get("a");
  space.set("d", entryOf("d"), 0);
  expect(["a", "b", "c", "d"].map((id) => space.get(id)?.value)).toEqual(["a", undefined, "c", "d"]);
});

test("values take the bytes that they say", () => {
  const space = lru({ maxBytes: 100, sizeOf }).open("space");
  fill(space, ["a", "b", "c"], 40);
  expect(["a", "b", "c"].map((id) => space.get(id) !== undefined)).toEqual([false, true, true]);
});

test("replacing a value counts its new bytes and no longer its old ones", () => {
  const tier = lru({ maxBytes: 100, sizeOf });
  const [first, second] = [tier.open("first"), tier.open("second")];
  fill(first, ["a", "a", "a", "a"], 60);
  fill(first, ["a"], 10);
  fill(second, ["b", "c", "d"], 30);
  expect([first.size, second.size]).toEqual([1, 3]);
  fill(first, ["a"], 20);
  expect([first.size, second.size]).toEqual([1, 2]);
});

test("a value larger than the whole budget is not kept, nor what it was to replace", () => {
  const space = lru({ maxBytes: 100, sizeOf }).open("space");
  fill(space, ["a", "b"], 10);
  space.set("a", ofBytes(101), 0);
  expect([space.get("a"), space.size]).toEqual([undefined, 1]);
  fill(space, ["c"], 90);
  expect(space.size).toBe(2);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "7", undefined])(
  "a value whose size is said to be %s is not kept",
  (bytes) => {
    const space = lru({ maxBytes: 100, sizeOf }).open("space");
    fill(space, ["a", "b"], 10);
    space.set("a", entryOf({ bytes }), 0);
    expect([space.get("a"), space.size]).toEqual([undefined, 1]);
  },
);

test("a value whose size cannot be told is not kept, and nothing is thrown", () => {
  const space = lru({ maxBytes: 100, sizeOf }).open("space");
  space.set("a", entryOf(null), 0);
  expect(space.size).toBe(0);
});

test("the entry of undefined is kept without asking for its size", () => {
  const space = lru({ maxBytes: 100, sizeOf }).open("space");
  const none = entryOf(undefined);
  space.set("a", none, 0);
  expect(space.get("a")).toBe(none);
});

test("a large newcomer takes from spaces above their share", () => {
  const tier = lru({ maxBytes: 90, sizeOf });
  const [first, second, third] = [tier.open("first"), tier.open("second"), tier.open("third")];
  fill(first, [1, 2, 3], 15);
  fill(second, [1], 10);
  fill(third, ["newcomer"], 50);
  expect([first.size, second.size, third.size]).toEqual([2, 1, 1]);
});

test("a large newcomer gives way to spaces within their share", () => {
  const tier = lru({ maxBytes: 90, sizeOf });
  const [first, second, third] = [tier.open("first"), tier.open("second"), tier.open("third")];
  fill(first, [1, 2, 3], 10);
  fill(second, [1, 2, 3], 10);
  fill(third, ["newcomer"], 60);
  expect([first.size, second.size, third.size]).toEqual([3, 3, 0]);
});

test.each<[string, unknown, string]>([
  ["no entries", { maxEntries: 0 }, "lru.maxEntries is 0; allowed is a whole number of at least 1."],
  ["endless entries", { maxEntries: Number.POSITIVE_INFINITY }, "lru.maxEntries is Infinity"],
  ["a count as text", { maxEntries: "10" }, 'lru.maxEntries is "10"'],
  ["an unknown option", { max: 10 }, "lru.max is not an option; the options are maxEntries, maxBytes, sizeOf."],
  ["both bounds", { maxEntries: 1, maxBytes: 1, sizeOf }, "lru.maxEntries excludes lru.maxBytes"],
  ["bytes without sizes", { maxBytes: 1 }, "lru.sizeOf is missing"],
  ["sizes without bytes", { sizeOf }, "lru.sizeOf excludes lru.maxEntries"],
  ["a size that is no function", { maxBytes: 1, sizeOf: 1 }, "lru.sizeOf is 1; allowed is a function."],
  ["a number in place of options", 10, "The options of lru is 10"],
])("%s are refused", (_, options, message) => {
  expect(() => lru(options as LruOptions)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  expect(() => lru(options as LruOptions)).toThrow(message);
});

describe("what was dropped is counted by its cause", () => {
  test("others need the room", () => {
    const tier = lru({ maxEntries: 10 });
    const [first, second] = [tier.open("first"), tier.open("second")];
    for (let id = 0; id < 10; id++) first.set(String(id), entryOf(id), 0);
    for (let id = 0; id < 4; id++) second.set(String(id), entryOf(id), 0);
    expect(first.evictions).toEqual({ budget: 4, share: 0, expired: 0, refused: 0 });
    expect(second.evictions).toEqual({ budget: 0, share: 0, expired: 0, refused: 0 });
  });

  test("the space is alone and has used up the whole budget", () => {
    const space = lru({ maxEntries: 10 }).open("user");
    for (let id = 0; id < 13; id++) space.set(String(id), entryOf(id), 0);
    expect(space.evictions).toEqual({ budget: 3, share: 0, expired: 0, refused: 0 });
  });

  test("others need the room of a space that may take no more than a part", () => {
    const tier = lru({ maxEntries: 10 });
    const [first, second] = [tier.open("first", { maxShare: 0.8 }), tier.open("second")];
    for (let id = 0; id < 8; id++) first.set(String(id), entryOf(id), 0);
    for (let id = 0; id < 4; id++) second.set(String(id), entryOf(id), 0);
    expect(first.evictions).toEqual({ budget: 2, share: 0, expired: 0, refused: 0 });
  });

  test("its own share is used up, though there is room", () => {
    const space = lru({ maxEntries: 10 }).open("user", { maxShare: 0.5 });
    for (let id = 0; id < 7; id++) space.set(String(id), entryOf(id), 0);
    expect(space.evictions).toEqual({ budget: 0, share: 2, expired: 0, refused: 0 });
  });

  test("it has expired, or does not fit", () => {
    const space = lru({ maxBytes: 10, sizeOf }).open("user");
    space.set("old", { ...ofBytes(1), expiresAt: 5 }, 0);
    space.set("huge", ofBytes(11), 10);
    space.set("new", ofBytes(1), 10);
    expect(space.evictions).toEqual({ budget: 0, share: 0, expired: 1, refused: 1 });
  });

  test("but not what is replaced, deleted or cleared", () => {
    const space = lru({ maxEntries: 10 }).open("user");
    fill(space, ["a", "a", "b", "c"], 1);
    space.delete("a");
    space.clear();
    expect(space.evictions).toEqual({ budget: 0, share: 0, expired: 0, refused: 0 });
  });
});

test("the bytes that a space takes are told where bytes are what bounds it", () => {
  const tier = lru({ maxBytes: 100, sizeOf });
  const [space, other] = [tier.open("user"), tier.open("other")];
  fill(space, ["a", "b"], 7);
  fill(other, ["a"], 1);
  expect([space.bytes, other.bytes]).toEqual([14, 1]);
  expect(lru({ maxEntries: 10 }).open("user").bytes).toBeUndefined();
});
