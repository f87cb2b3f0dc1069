import type { Entry, LocalSpace } from "@tiercache/core";
import { entryOf } from "@tiercache/testing";
import { expect, test } from "vitest";
import { lru } from "./lru.ts";

function till(expiresAt: number): Entry<unknown> {
  return entryOf(expiresAt, { expiresAt });
}

function fill(
  space: LocalSpace<unknown>,
  ids: readonly string[],
  { now, until }: { now: number; until: number },
): void {
  for (const id of ids) space.set(id, till(until), now);
}

function numbered(prefix: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
}

/** The ids that a space still holds. Counts them as used. */
function heldOf(space: LocalSpace<unknown>, ids: readonly string[]): readonly string[] {
  return ids.filter((id) => space.get(id) !== undefined);
}

test("what has expired gives way before what has not, though it was used later", () => {
  const space = lru({ maxEntries: 100 }).open("space");
  const [dead, living] = [numbered("dead", 50), numbered("living", 50)];
  fill(space, dead, { now: 0, until: 10 });
  fill(space, living, { now: 0, until: 1_000 });
  expect(heldOf(space, dead)).toEqual(dead);
  fill(space, numbered("new", 50), { now: 10, until: 1_000 });
  expect(heldOf(space, living)).toEqual(living);
  expect(heldOf(space, dead)).toEqual([]);
});

test("all that has expired is found within a third as many writes as there are entries", () => {
  const space = lru({ maxEntries: 1_000 }).open("space");
  const [living, dead] = [numbered("living", 450), numbered("dead", 450)];
  fill(space, living, { now: 0, until: 1_000 });
  fill(space, dead, { now: 0, until: 10 });
  fill(space, living.slice(0, 300), { now: 10, until: 1_000 });
  expect(heldOf(space, [...living, ...dead])).toEqual(living);
});

test("it is found though hits go on all the time", () => {
  const space = lru({ maxEntries: 1_000 }).open("space");
  const [popular, dead] = [numbered("popular", 100), numbered("dead", 800)];
  fill(space, popular, { now: 0, until: 1_000 });
  fill(space, dead, { now: 0, until: 10 });
  // Each write is followed by hits on everything that is popular, and on what the round has come to.
  for (const [index, id] of numbered("popular", 450).entries()) {
    space.set(id, till(1_000), 10);
    for (const each of popular) space.get(each);
    for (const each of dead.slice(index * 2, index * 2 + 3)) space.get(each);
  }
  expect(heldOf(space, dead)).toEqual([]);
  expect(space.size).toBe(450);
});

test("what has expired in spaces that nobody writes gives way to the others' entries", () => {
  const tier = lru({ maxEntries: 100 });
  const [one, busy, other] = [tier.open("one", { minShare: 0.2 }), tier.open("busy"), tier.open("other")];
  fill(one, numbered("dead", 20), { now: 0, until: 10 });
  fill(other, numbered("dead", 30), { now: 0, until: 10 });
  fill(busy, numbered("living", 50), { now: 0, until: 1_000 });
  fill(busy, numbered("new", 150), { now: 10, until: 1_000 });
  expect([one.size, busy.size, other.size]).toEqual([0, 100, 0]);
});

test("a space at its cap drops what has expired first", () => {
  const tier = lru({ maxEntries: 10_000 });
  const [capped, other] = [tier.open("capped", { maxShare: 0.001 }), tier.open("other")];
  const [dead, living] = [numbered("dead", 5), numbered("living", 5)];
  fill(other, numbered("other", 5_000), { now: 0, until: 20 });
  fill(capped, dead, { now: 0, until: 10 });
  fill(capped, living, { now: 0, until: 1_000 });
  expect(heldOf(capped, dead)).toEqual(dead);
  fill(capped, numbered("new", 5), { now: 10, until: 1_000 });
  expect(heldOf(capped, living)).toEqual(living);
});

test("an entry that has expired already is not kept, nor what it was to replace", () => {
  const tier = lru({ maxEntries: 2 });
  const space = tier.open("space");
  fill(space, ["a", "b"], { now: 0, until: 1_000 });
  space.set("c", till(10), 10);
  expect([space.size, space.get("a") === undefined]).toEqual([2, false]);
  space.set("a", till(10), 11);
  expect([space.size, space.get("a")]).toEqual([1, undefined]);
});

test("the last instant before its end an entry is living", () => {
  const space = lru({ maxEntries: 10 }).open("space");
  space.set("a", till(10), 0);
  fill(space, numbered("new", 5), { now: 9.999, until: 20 });
  expect(space.size).toBe(6);
  fill(space, numbered("new", 5), { now: 10, until: 20 });
  expect(space.size).toBe(5);
});

test("an entry that was renewed is judged by its new end", () => {
  const space = lru({ maxEntries: 10 }).open("space");
  fill(space, ["a", "b"], { now: 0, until: 10 });
  space.set("a", till(100), 5);
  fill(space, numbered("new", 5), { now: 20, until: 1_000 });
  expect([space.get("a")?.value, space.get("b")]).toEqual([100, undefined]);
  space.set("a", till(30), 20);
  fill(space, numbered("new", 5), { now: 30, until: 1_000 });
  expect(space.get("a")).toBeUndefined();
});

test("as long as nothing held can have expired, no entry is looked at", () => {
  const space = lru({ maxEntries: 10 }).open("space");
  let looks = 0;
  const watched = Object.defineProperty(entryOf(1), "expiresAt", { get: () => ++looks && 100 });
  space.set("watched", watched, 0);
  const looksWhenSet = looks;
  fill(space, numbered("new", 50), { now: 99, until: 100 });
  expect(looks).toBe(looksWhenSet);
  // What expires soon may come and go, if all goes with it.
  fill(space, numbered("brief", 5), { now: 99, until: 99.5 });
  fill(space, ["new"], { now: 99.6, until: 100 });
  space.clear();
  space.set("watched", watched, 99.6);
  looks = 0;
  fill(space, numbered("new", 50), { now: 99.7, until: 100 });
  expect(looks).toBe(0);
});

test("a cleared space may be filled again, and what expires there is found", () => {
  const space = lru({ maxEntries: 10 }).open("space");
  fill(space, numbered("old", 9), { now: 0, until: 10 });
  fill(space, ["a"], { now: 10, until: 100 });
  space.clear();
  fill(space, numbered("dead", 5), { now: 10, until: 20 });
  fill(space, numbered("new", 5), { now: 20, until: 100 });
  expect([space.size, space.get("dead 0")]).toEqual([5, undefined]);
});
