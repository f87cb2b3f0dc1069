import { type Cache, createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const caches: readonly (readonly [tiers: string, open: () => Cache])[] = [
  ["a local tier alone", () => createCache({ tiers: [lru()], clock: fleet.clock })],
  ["a local and a remote tier", () => fleet.process()],
  ["a remote tier alone", () => fleet.process({ tiers: [fleet.shared] })],
  ["hidden keys", () => fleet.process({ hashKeys: { secret: "only for these tests" } })],
  ["tiers that are switched off", () => fleet.process({ enabled: false })],
];

const broken: readonly (readonly [kind: string, key: string])[] = [
  ["a lone high surrogate", "\ud83d"],
  ["a lone low surrogate", "a\ude00"],
  ["the halves of a pair in the wrong order", "\ude00\ud83d"],
  ["a lone surrogate at the end of a long key", `${"k".repeat(1_000)}\ud83d`],
];

describe.each(caches)("a key with a lone surrogate, in a cache of %s,", (_tiers, open) => {
  test.each(broken)("is refused by every method with the same error: %s", async (_kind, key) => {
    const load = vi.fn(() => "loaded");
    const cache = open();
    const users = cache.namespace("user", { load });
    const lookups = cache.namespace<string>("lookup");
    const pairs = cache.namespace("pair", { key: (a: string, b: string) => [a, b], load });
    const refused = expect.objectContaining({ code: "INVALID_KEY", message: expect.stringContaining(" surrogate ") });
    for (const names of [users, lookups]) {
      for (const call of [
        names.get(key),
        names.getOrLoad(key, load),
        names.getMany(["a", key]),
        names.read(key),
        names.read(key, { from: "cached" }),
        users.read(key, { from: "load" }),
        names.set(key, "v"),
        names.setMany([
          ["a", "v"],
          [key, "v"],
        ]),
        names.delete(key),
        names.invalidate(key),
      ])
        await expect(call).rejects.toEqual(refused);
      expect(() => names.peek(key)).toThrow(refused);
      expect(names.peek("a")).toBeUndefined();
    }
    await expect(pairs.get("a", key)).rejects.toEqual(refused);
    expect(() => pairs.peek("a", key)).toThrow(refused);
    expect(load).not.toHaveBeenCalled();
    expect(fleet.shared.count()).toBe(0);
  });

  test("is answered neither by another one nor by the sign that UTF-8 puts in their place", async () => {
    const users = open().namespace<string>("user");
    await users.set("\ufffd", "own");
    await users.set("\u{1f600}", "own");
    for (const [, key] of broken) await expect(users.get(key)).rejects.toMatchObject({ code: "INVALID_KEY" });
  });
});

test("a hit does not look through its key: what is held was looked at when it was kept", async () => {
  const users = fleet.process().namespace("user", { load: (id) => id });
  await users.get("held");
  const looked = vi.spyOn(String.prototype, "isWellFormed");
  try {
    expect(await users.get("held")).toBe("held");
    expect(await users.getOrLoad("held", () => "loaded")).toBe("held");
    expect(users.peek("held")).toBe("held");
    expect(await users.getMany(["held"])).toEqual(["held"]);
    expect(looked).not.toHaveBeenCalled();
    users.peek("not held");
    expect(looked).toHaveBeenCalledTimes(1);
  } finally {
    looked.mockRestore();
  }
});
