import type { Entry, LocalShare, LocalSpace } from "@tiercache/core";
import { entryOf } from "@tiercache/testing";
import { describe, expect, test } from "vitest";
import { lru } from "./lru.ts";

const sizeOf = (value: unknown): number => (value as { readonly bytes: number }).bytes;

function ofBytes(bytes: number): Entry<unknown> {
  return entryOf({ bytes });
}

function fill(space: LocalSpace<unknown>, count: number): void {
  for (let id = 0; id < count; id++) space.set(String(id), entryOf(id), 0);
}

describe("minShare", () => {
  test("a space is never pushed below it, and loses what it holds above it first", () => {
    const tier = lru({ maxEntries: 100 });
    const [kept, busy] = [tier.open("kept", { minShare: 0.7 }), tier.open("busy")];
    fill(kept, 100);
    fill(busy, 5_000);
    expect([kept.size, busy.size]).toEqual([85, 15]);
    expect(kept.get("99")).toBeDefined();
    const third = tier.open("third");
    fill(third, 5_000);
    expect([kept.size, busy.size, third.size]).toEqual([80, 10, 10]);
  });

  test("a space that is opened late gets it from those that hold everything", () => {
    const tier = lru({ maxEntries: 100 });
    const early = [tier.open("one"), tier.open("two")] as const;
    for (const space of early) fill(space, 100);
    const late = tier.open("late", { minShare: 0.9 });
    expect([...early, late].map(({ size }) => size)).toEqual([50, 50, 0]);
    fill(late, 90);
    for (const space of early) fill(space, 100);
    expect([...early, late].map(({ size }) => size)).toEqual([5, 5, 90]);
  });

  test("the others hold what is left of it, down to nothing when all is promised", () => {
    const tier = lru({ maxEntries: 10 });
    const [kept, other] = [tier.open("kept", { minShare: 1 }), tier.open("other")];
    fill(other, 10);
    fill(kept, 10);
    expect([kept.size, other.size]).toEqual([10, 0]);
    fill(other, 10);
    expect([kept.size, other.size]).toEqual([10, 0]);
    kept.delete("3");
    fill(other, 10);
    expect([kept.size, other.size]).toEqual([9, 1]);
  });

  test("a large newcomer takes nothing from a promise, and is not kept without room", () => {
    const tier = lru({ maxBytes: 100, sizeOf });
    const [kept, other] = [tier.open("kept", { minShare: 0.5 }), tier.open("other")];
    for (const id of ["1", "2", "3", "4", "5"]) kept.set(id, ofBytes(10), 0);
    other.set("newcomer", ofBytes(51), 0);
    expect([kept.size, other.size]).toEqual([5, 0]);
    other.set("newcomer", ofBytes(50), 0);
    expect([kept.size, other.size]).toEqual([5, 1]);
  });

  test("an entry that lies across it is no part of it", () => {
    const tier = lru({ maxBytes: 100, sizeOf });
    const [one, two] = [tier.open("one", { minShare: 0.5 }), tier.open("two", { minShare: 0.5 })];
    one.set("large", ofBytes(60), 0);
    two.set("newcomer", ofBytes(45), 0);
    expect([one.size, two.size]).toEqual([0, 1]);
  });

  test("promises add up to exactly the whole, whatever the parts' rounding", () => {
    for (const parts of [[0.7, 0.2, 0.1], [0.01, 0.31, 0.68], Array.from({ length: 7 }, () => 1 / 7)]) {
      const tier = lru({ maxEntries: 700 });
      const spaces = parts.map((minShare, index) => tier.open(`space-${index}`, { minShare }));
      fill(tier.open("idle"), 700);
      for (const space of spaces) fill(space, 700);
      expect(spaces.map(({ size }) => size)).toEqual(parts.map((part) => Math.round(part * 700)));
    }
  });

  test("a part that no float stands for exactly is not short of an entry", () => {
    const tier = lru({ maxEntries: 100 });
    const [kept, other] = [tier.open("kept", { minShare: 0.29 }), tier.open("other", { minShare: 0.71 })];
    fill(kept, 29);
    fill(other, 1_000);
    expect([kept.size, other.size]).toEqual([29, 71]);
  });
});

describe("maxShare", () => {
  test("a space never takes more, even if the rest is free", () => {
    const space = lru({ maxEntries: 100 }).open("space", { maxShare: 0.25 });
    fill(space, 1_000);
    expect(space.size).toBe(25);
    expect(space.get("999")).toBeDefined();
  });

  test("a value that is larger is not kept, nor what it was to replace", () => {
    const space = lru({ maxBytes: 100, sizeOf }).open("space", { maxShare: 0.5 });
    space.set("a", ofBytes(50), 0);
    expect(space.size).toBe(1);
    space.set("a", ofBytes(51), 0);
    expect([space.get("a"), space.size]).toEqual([undefined, 0]);
  });

  test("a space at its cap gives way itself, and nobody for it", () => {
    const tier = lru({ maxBytes: 100, sizeOf });
    const [capped, other] = [tier.open("capped", { maxShare: 0.5 }), tier.open("other")];
    for (const id of ["1", "2", "3", "4", "5"]) other.set(id, ofBytes(10), 0);
    for (const id of ["1", "2", "3", "4", "5"]) capped.set(id, ofBytes(10), 0);
    capped.set("large", ofBytes(45), 0);
    expect([capped.size, other.size]).toEqual([1, 5]);
  });

  test("it may equal minShare", () => {
    const tier = lru({ maxEntries: 10 });
    const [space, other] = [tier.open("space", { minShare: 0.3, maxShare: 0.3 }), tier.open("other")];
    fill(other, 100);
    fill(space, 100);
    fill(other, 100);
    expect([space.size, other.size]).toEqual([3, 7]);
  });
});

describe("a share that cannot be granted is refused, and promises nothing:", () => {
  const others: readonly LocalShare[] = [{ minShare: 0.5 }, { minShare: 0.2 }, {}];

  test.each<[string, LocalShare, string]>([
    [
      "more than is left",
      { minShare: 0.4 },
      "minShare is 0.4; allowed is at most 0.3: the rest of this tier is promised",
    ],
    ["all of it", { minShare: 1 }, "minShare is 1; allowed is at most 0.3: "],
    ["no number", { minShare: Number.NaN }, "minShare is NaN; allowed is at most 0.3: "],
    [
      "less than an entry",
      { minShare: 0.05 },
      "minShare is 0.05; allowed is a part that makes at least 1 of this tier's 10",
    ],
    ["a cap below an entry", { maxShare: 0.09 }, "maxShare is 0.09; allowed is a part that makes at least 1 of"],
  ])("%s", (_, share, message) => {
    const tier = lru({ maxEntries: 10 });
    others.forEach((other, index) => tier.open(`other-${index}`, other));
    expect(() => tier.open("user", share)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        message: expect.stringContaining(`namespace "user".local.${message}`),
      }),
    );
    expect(() => tier.open("user", { minShare: 0.3 })).not.toThrow();
    expect(() => tier.open("one more", { minShare: 0.1 })).toThrow("allowed is at most 0: ");
  });
});
