import { expect, test } from "vitest";
import { Journal } from "./journal.ts";
import type { Removal } from "./removal.ts";

function removal(namespace: string | undefined, ...keys: readonly string[]): Removal {
  return { keys, namespace, announce: undefined };
}

test("remembers removals for a while, oldest first", () => {
  const journal = new Journal(100, 10);
  const [first, second] = [removal("text", "a", "b"), removal("text", "c")];
  journal.note(first, 0);
  journal.note(second, 50);
  expect(journal.since(100)).toEqual([first, second]);
  expect(journal.since(101)).toEqual([second]);
  expect(journal.size).toBe(1);
  expect(journal.since(151)).toEqual([]);
  expect(journal.crowdedOutSince(151)).toEqual([]);
});

test("of what it has no room for it remembers what that belonged to, for as long", () => {
  const journal = new Journal(100, 3);
  const last = removal("text", "c", "d");
  journal.note(removal("text", "a", "b"), 0);
  journal.note(removal("user", "7"), 40);
  expect(journal.crowdedOutSince(40)).toEqual([]);
  journal.note(last, 50);
  expect(journal.since(50)).toEqual([removal("user", "7"), last]);
  expect(journal.crowdedOutSince(50)).toEqual(["text"]);
  journal.note(removal("text", "e"), 60);
  expect(journal.crowdedOutSince(60)).toEqual(["text", "user"]);
  expect(journal.crowdedOutSince(101)).toEqual(["user"]);
  expect(journal.crowdedOutSince(141)).toEqual([]);
});

test("a removal that is more than it has room for by itself is only remembered by what it belongs to", () => {
  const journal = new Journal(100, 3);
  journal.note(removal("text", "a", "b", "c", "d"), 0);
  expect(journal.since(0)).toEqual([]);
  expect(journal.size).toBe(0);
  expect(journal.crowdedOutSince(0)).toEqual(["text"]);
});
