import { days, minutes } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { FencedFleet } from "../fence/fenced-fleet.ts";

let fleet: FencedFleet;
let version: number;

beforeEach(() => {
  fleet = new FencedFleet();
  version = 1;
});

/** One more process whose values have the tag of their first letter. */
function process(options = {}) {
  const { cache, tier } = fleet.process(options);
  const load = vi.fn(async () => version);
  const users = cache.namespace("user", { load, tags: (id) => [`t:${id[0]}`] });
  return { cache, tier, load, users };
}

async function warmed(options = {}) {
  const one = process(options);
  await fleet.settled();
  await one.users.get("warm");
  await one.users.get("again");
  await fleet.settled();
  one.tier.clearCalls();
  one.load.mockClear();
  return one;
}

const TAG = ":tag:t%3A7";
const GENERATION = ":generation:user";

describe("what tags cost", () => {
  test("a hit in the remote tier is one read of one key once the tokens are known", async () => {
    const [one, other] = [await warmed(), await warmed()];
    await other.users.get("w1");
    await fleet.settled();
    expect(await one.users.get("w1")).toBe(1);
    expect(one.tier.keysOf("read")).toEqual([["user:w1"]]);
    expect(one.tier.count()).toBe(1);
  });

  test("a load under known tokens is a read, a lease and a commit", async () => {
    const one = await warmed();
    await one.users.get("w2");
    await fleet.settled();
    expect(one.tier.keysOf("read")).toEqual([["user:w2"]]);
    expect(one.tier.keysOf("acquire")).toEqual([["user:w2"]]);
    expect(one.tier.keysOf("commit")).toEqual([["user:w2"]]);
    expect(one.tier.count()).toBe(3);
  });

  test("a first load learns the tokens with the key, and makes those that are missing with the lease", async () => {
    const one = process();
    await fleet.settled();
    await one.users.get("7");
    await fleet.settled();
    expect(one.tier.keysOf("read")).toEqual([["user:7", GENERATION, TAG]]);
    expect(one.tier.keysOf("acquire").toSorted()).toEqual([[GENERATION, TAG], ["user:7"]]);
    expect(one.tier.keysOf("commit")).toEqual([["user:7"]]);
  });

  test("a batch learns all of its tokens in the one read", async () => {
    const { cache, tier } = fleet.process();
    const users = cache.namespace("user", { loadMany: (keys) => keys.map(() => 1), tags: (id) => [`t:${id}`] });
    await fleet.settled();
    await users.getMany(["1", "2", "3"]);
    const tags = ["1", "2", "3"].map((id) => `:tag:t%3A${id}`);
    expect(tier.keysOf("read")).toEqual([["user:1", "user:2", "user:3", GENERATION, ...tags]]);
  });

  test.each(["invalidateTags", "deleteByTags"] as const)("%s of what is known is one call", async (how) => {
    const one = await warmed();
    await one.cache[how](["t:w"]);
    expect(one.tier.count()).toBe(1);
  });

  test("clearing a namespace, or a cache, is one call", async () => {
    const one = await warmed();
    await one.users.clear();
    expect(one.tier.removals).toEqual([[GENERATION]]);
    one.cache.namespace("other", {});
    await one.cache.clear();
    expect(one.tier.removals[1]).toEqual([GENERATION, ":generation:other"]);
    expect(one.tier.count()).toBe(2);
  });
});

describe("in another process", () => {
  test.each(["invalidateTags", "deleteByTags", "clear"] as const)("%s ends what is held there at once", async (how) => {
    const [one, other] = [await warmed(), await warmed()];
    await one.users.get("7");
    await fleet.settled();
    expect(await other.users.get("7")).toBe(1);
    version = 2;
    await (how === "clear" ? one.cache.clear() : one.cache[how](["t:7"]));
    await fleet.settled();
    expect(other.users.peek("7")).toBeUndefined();
    expect(await other.users.get("7")).toBe(2);
    await fleet.settled();
    expect(await one.users.get("7")).toBe(2);
    expect(one.load).toHaveBeenCalledTimes(1);
  });

  test("a value that was found is under the tags that its frame says, also those that only its loader knew", async () => {
    const named = (one: ReturnType<typeof process>) =>
      one.cache.namespace("page", {
        load: async (_id: string, { addTags }) => {
          addTags("author");
          return version;
        },
      });
    const [one, other] = [process(), process()];
    const [pages, pagesThere] = [named(one), named(other)];
    for (const _ of [1, 2]) {
      await pages.get("a");
      await fleet.settled();
    }
    expect(await pagesThere.read("a")).toMatchObject({ value: 1, source: "memory" });
    version = 2;
    await one.cache.deleteByTags(["author"]);
    await fleet.settled();
    expect(pagesThere.peek("a")).toBeUndefined();
    expect(await pagesThere.get("a")).toBe(2);
  });

  test("what was invalidated by a tag answers where a load fails, from a remote tier alone too", async () => {
    const rules = { ttlMs: minutes(10), staleIfErrorMs: minutes(5), tags: () => ["t"] };
    const one = fleet.process().cache;
    await one.namespace("text", { load: () => "old", ...rules }).get("a");
    await fleet.settled();
    await one.invalidateTags(["t"]);
    const away = (): Promise<string> => Promise.reject(new Error("origin is away"));
    const texts = fleet.process().cache.namespace("text", { load: away, ...rules });
    expect(await texts.read("a")).toMatchObject({ value: "old", stale: "load-failed" });
    fleet.clock.advance(minutes(5));
    await expect(
      fleet
        .process()
        .cache.namespace("text", { load: away, ...rules })
        .get("a"),
    ).rejects.toThrow("away");
    await one.deleteByTags(["t"]);
    await fleet.settled();
    await expect(texts.get("a")).rejects.toThrow("origin is away");
  });
});

describe("a token", () => {
  test("that the server has evicted brings nothing back: what was made under it is a miss", async () => {
    const one = await warmed();
    await one.users.get("7");
    await fleet.settled();
    fleet.server.evict(TAG);
    version = 2;
    const other = process();
    expect(await other.users.get("7")).toBe(2);
    await fleet.settled();
    // Who had known the old one sees another, asks, and goes on with that.
    await one.users.delete("7");
    await other.users.get("7");
    await fleet.settled();
    expect(await one.users.get("7")).toBe(2);
  });

  test("is kept for as long as what is made under it, and longer while it is made use of", async () => {
    const { cache } = fleet.process();
    const users = cache.namespace("user", { load: () => version, tags: () => ["t"], ttlMs: days(100) });
    await users.get("7");
    await fleet.settled();
    for (let passed = 0; passed < 99; passed += 11) {
      fleet.clock.advance(days(11));
      await fleet.settled();
    }
    version = 2;
    expect(
      await fleet
        .process()
        .cache.namespace("user", { load: () => version, tags: () => ["t"] })
        .get("7"),
    ).toBe(1);
  });

  test("that nobody has made use of for a month is forgotten", async () => {
    const one = process();
    await one.users.get("7");
    await fleet.settled();
    fleet.clock.advance(days(31));
    expect(fleet.server.keys).toEqual([]);
  });

  test("under whose key something foreign lies is made anew all the same", async () => {
    const call = { signal: new AbortController().signal, ttlMs: days(1) };
    for (const key of [GENERATION, TAG])
      await fleet.server.tier().write(key, Buffer.from("no token at all, but long"), call);
    const [one, other] = [process(), process()];
    expect(await one.users.get("7")).toBe(1);
    await fleet.settled();
    expect(await other.users.read("7")).toMatchObject({ value: 1, source: "memory" });
  });

  test("that was known before a gap is read again before it is believed", async () => {
    const [one, other] = [await warmed(), await warmed()];
    await other.users.get("7");
    await fleet.settled();
    expect(await one.users.get("7")).toBe(1);
    one.tier.loseBus();
    version = 2;
    await other.cache.deleteByTags(["t:7"]);
    one.tier.healBus();
    await fleet.settled();
    expect(one.users.peek("7")).toBeUndefined();
    expect(await one.users.get("7")).toBe(2);
  });
});

describe("while the server is away", () => {
  test("what a load brings that began without tokens is kept here alone, though they have become known meanwhile", async () => {
    const { cache, tier } = fleet.process();
    const answer = Promise.withResolvers<number>();
    const load = vi.fn((id: string) => (id === "7" ? answer.promise : 1));
    const users = cache.namespace("user", { load, tags: () => ["t"] });
    await fleet.settled();
    tier.fail(undefined, "read");
    const reading = users.get("7");
    await fleet.settled();
    tier.heal();
    expect(await users.get("8")).toBe(1);
    await fleet.settled();
    expect(fleet.server.keys).toContain("user:8");
    answer.resolve(7);
    expect(await reading).toBe(7);
    await fleet.settled();
    expect(users.peek("7")).toBe(7);
    expect(fleet.server.keys).not.toContain("user:7");
  });

  test.each(["invalidateTags", "deleteByTags"] as const)(
    "%s is queued, and done before the server is read again",
    async (how) => {
      const [one, other] = [await warmed(), await warmed()];
      await one.users.get("7");
      await fleet.settled();
      version = 2;
      one.tier.fail();
      expect(await one.cache[how](["t:7"])).toEqual({ status: "queued" });
      await expect(one.cache[how](["t:7"], { requireRemote: true })).rejects.toMatchObject({ code: "TIER_FAILED" });
      expect(await one.users.get("7")).toBe(2);
      one.tier.heal();
      expect(await one.users.get("7")).toBe(2);
      await fleet.settled();
      fleet.clock.advance(100);
      await fleet.settled();
      expect(await other.users.get("7")).toBe(2);
    },
  );

  test("a set whose tokens nobody knows is kept locally, and the key is forgotten in the tiers", async () => {
    const one = await warmed();
    await one.users.set("7", 70);
    await fleet.settled();
    const other = process();
    other.tier.fail();
    expect(await other.users.set("7", 71)).toEqual({ status: "queued" });
    await expect(other.users.set("7", 72, { requireRemote: true })).rejects.toMatchObject({ code: "TIER_FAILED" });
    expect(other.users.peek("7")).toBe(72);
    other.tier.heal();
    fleet.clock.advance(100);
    await fleet.settled();
    expect(fleet.server.keys).not.toContain("user:7");
  });

  test("what is removed by key is told of once it is back, or, if that is too much, is taken for cleared", async () => {
    const [one, other] = [await warmed(), await warmed()];
    await other.users.set("kept", 5);
    await fleet.settled();
    version = 2;
    one.tier.fail();
    const ids = Array.from({ length: 10_001 }, (_, id) => `w${id}`);
    expect(await one.users.deleteMany(ids)).toEqual({ status: "queued" });
    expect(fleet.observer.of("collapsed")).toEqual([{ type: "collapsed", namespace: "user", tier: "memory" }]);
    one.tier.heal();
    expect(await one.users.get("kept")).toBe(2);
    await fleet.settled();
    expect(one.tier.removals.at(-1)).toEqual([GENERATION]);
    expect(await other.users.get("kept")).toBe(2);
  });
});

test("a server that comes back with older data does not bring back what was invalidated by a tag", async () => {
  const one = await warmed();
  await one.users.get("7");
  await fleet.settled();
  for (const how of ["invalidateTags", "deleteByTags", "clear"] as const) {
    const older = fleet.server.snapshot();
    version++;
    await (how === "clear" ? one.cache.clear() : one.cache[how](["t:7"]));
    fleet.server.restart({ keep: older });
    await fleet.settled();
    expect(await one.users.get("7")).toBe(version);
    await fleet.settled();
    fleet.clock.advance(11_000);
    expect(await process().users.get("7")).toBe(version);
  }
});

test("what a key has for tags is explained, and whether they hold", async () => {
  const one = await warmed();
  await one.users.get("7");
  await fleet.settled();
  const held = [{ tag: "t%3A7", isCurrent: true }];
  expect((await one.users.explain("7")).tiers).toMatchObject([
    { holds: "fresh", tags: held },
    { holds: "fresh", tags: held },
  ]);
  await one.cache.deleteByTags(["t:7"]);
  const ended = [{ tag: "t%3A7", isCurrent: false }];
  expect((await one.users.explain("7")).tiers).toMatchObject([
    { holds: "expired", tags: ended },
    { holds: "ended", isCleared: false, tags: ended },
  ]);
  await one.cache.clear();
  expect((await one.users.explain("7")).tiers).toMatchObject([
    { holds: "nothing" },
    { holds: "ended", isCleared: true },
  ]);
});

test("tags are hidden where keys are, in keys, frames and announcements", async () => {
  const { cache, tier } = fleet.process({ hashKeys: { secret: "0123456789abcdef" } });
  const users = cache.namespace("user", { load: () => 1, tags: () => ["someone"] });
  await users.get("7");
  await fleet.settled();
  await cache.invalidateTags(["someone"]);
  await cache.deleteByTags(["someone"]);
  const held = await fleet.server.tier().readMany(fleet.server.keys);
  const seen = [...fleet.server.keys, ...held.map((frame) => Buffer.from(frame ?? []).toString("latin1"))];
  expect(seen.join()).not.toContain("someone");
  expect(seen.join()).toContain("%#");
  expect(tier.keysOf("remove").flat().join()).not.toContain("someone");
});
