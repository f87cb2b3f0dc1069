import { beforeEach, describe, expect, test } from "vitest";
import { GENERATION, TAG, TaggedUsers } from "./tagged-users.ts";

let fleet: TaggedUsers;

beforeEach(() => {
  fleet = new TaggedUsers();
});

describe("what tags cost", () => {
  test("a hit in the remote tier is one read of one key once the tokens are known", async () => {
    const [one, other] = [await fleet.warmed(), await fleet.warmed()];
    await other.users.get("w1");
    await fleet.settled();
    expect(await one.users.get("w1")).toBe(1);
    expect(one.tier.keysOf("read")).toEqual([["user:w1"]]);
    expect(one.tier.count()).toBe(1);
  });

  test("a load under known tokens is a read, a lease and a commit", async () => {
    const one = await fleet.warmed();
    await one.users.get("w2");
    await fleet.settled();
    expect(one.tier.keysOf("read")).toEqual([["user:w2"]]);
    expect(one.tier.keysOf("acquire")).toEqual([["user:w2"]]);
    expect(one.tier.keysOf("commit")).toEqual([["user:w2"]]);
    expect(one.tier.count()).toBe(3);
  });

  test("a first load learns the tokens with the key, and makes those that are missing with the lease", async () => {
    const one = fleet.tagged();
    await fleet.settled();
    await one.users.get("7");
    await fleet.settled();
    expect(one.tier.keysOf("read")).toEqual([["user:7", GENERATION, TAG]]);
    expect(new Set(one.tier.keysOf("acquire").map(String))).toEqual(new Set(["user:7", `${GENERATION},${TAG}`]));
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
    const one = await fleet.warmed();
    await one.cache[how](["t:w"]);
    expect(one.tier.count()).toBe(1);
  });

  test("clearing a namespace, or a cache, is one call", async () => {
    const one = await fleet.warmed();
    await one.users.clear();
    expect(one.tier.removals).toEqual([[GENERATION]]);
    one.cache.namespace("other", {});
    await one.cache.clear();
    expect(one.tier.removals[1]).toEqual([GENERATION, ":generation:other"]);
    expect(one.tier.count()).toBe(2);
  });
});
