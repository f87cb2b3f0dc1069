import { type Cache, createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, expect, test } from "vitest";

let cache: Cache;

beforeEach(() => {
  cache = createCache({ tiers: [lru()] });
});

test("every way of reading a key counts, once a read", async () => {
  const scores = cache.namespace("match", {
    key: (user: number, job: number) => [user, job],
    load: (user, job) => user * job,
    hotKeys: true,
  });
  await scores.get(1, 2);
  await scores.getOrLoad([1, 2], () => 2);
  await scores.getMany([
    [1, 2],
    [3, 4],
  ]);
  await scores.getManySettled([[1, 2]]);
  await scores.read([1, 2]);
  scores.peek(1, 2);
  expect(scores.hotKeys()).toEqual([
    { key: [1, 2], share: 6 / 7, leastShare: 6 / 7 },
    { key: [3, 4], share: 1 / 7, leastShare: 1 / 7 },
  ]);
  const [hottest] = scores.hotKeys(1);
  expect(await scores.get(...(hottest?.key ?? [0, 0]))).toBe(2);
});

test.each(["freeze", "clone"] as const)("a key that is one string is known by it (%s)", async (isolate) => {
  const users = cache.namespace("user", { load: (id) => id, hotKeys: { capacity: 5 }, isolate });
  for (let id = 0; id < 20; id++) await users.get(String(id));
  for (let read = 0; read < 5; read++) await users.get("hot");
  expect(users.hotKeys(1)[0]?.key).toEqual(["hot"]);
  expect(users.hotKeys(100)).toHaveLength(5);
});

test("a namespace that was not asked to knows none", async () => {
  const users = cache.namespace("user", { load: (id) => id });
  await users.get("1");
  expect(users.hotKeys()).toEqual([]);
  const others = cache.namespace("other", { load: (id) => id, hotKeys: false });
  await others.get("1");
  expect(others.hotKeys()).toEqual([]);
});

test("what is no key is refused as ever, and not counted", async () => {
  const users = cache.namespace("user", { load: (id) => id, hotKeys: true });
  await expect(users.get(7 as never)).rejects.toMatchObject({ code: "INVALID_KEY" });
  await expect(users.getMany("ab" as never)).rejects.toMatchObject({ code: "INVALID_KEY" });
  expect(users.hotKeys()).toEqual([]);
});

test.each<[unknown]>([[1], ["yes"], [{ capacity: 0 }], [{ capacity: 1.5 }], [{ size: 5 }], [null]])(
  "hotKeys of %o is refused by name",
  (hotKeys) => {
    expect(() => cache.namespace("user", { load: (id) => id, hotKeys: hotKeys as true })).toThrow(
      /namespace "user"\.hotKeys is .*; allowed is true, false or an object with capacity/,
    );
  },
);
