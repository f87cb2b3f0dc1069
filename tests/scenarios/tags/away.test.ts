import { beforeEach, describe, expect, test, vi } from "vitest";
import { GENERATION, TaggedUsers } from "./tagged-users.ts";

let fleet: TaggedUsers;

beforeEach(() => {
  fleet = new TaggedUsers();
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
      const [one, other] = [await fleet.warmed(), await fleet.warmed()];
      await one.users.get("7");
      await fleet.settled();
      fleet.version = 2;
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
    const one = await fleet.warmed();
    await one.users.set("7", 70);
    await fleet.settled();
    const other = fleet.tagged();
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
    const [one, other] = [await fleet.warmed(), await fleet.warmed()];
    await other.users.set("kept", 5);
    await fleet.settled();
    fleet.version = 2;
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
  const one = await fleet.warmed();
  await one.users.get("7");
  await fleet.settled();
  for (const how of ["invalidateTags", "deleteByTags", "clear"] as const) {
    const older = fleet.server.snapshot();
    fleet.version++;
    await (how === "clear" ? one.cache.clear() : one.cache[how](["t:7"]));
    fleet.server.restart({ keep: older });
    await fleet.settled();
    expect(await one.users.get("7")).toBe(fleet.version);
    await fleet.settled();
    fleet.clock.advance(11_000);
    expect(await fleet.tagged().users.get("7")).toBe(fleet.version);
  }
});

test("a server that comes back with older data brings back nothing of what was removed there, be it more than can be told again", async () => {
  const one = await fleet.warmed();
  await one.users.get("7");
  await fleet.settled();
  const older = fleet.server.snapshot();
  fleet.version = 2;
  await one.users.delete("7");
  const jobs = one.cache.namespace<number>("job");
  await jobs.deleteMany(Array.from({ length: 100_000 }, (_, id) => `j${id}`));
  fleet.server.restart({ keep: older });
  await fleet.settled();
  expect(fleet.observer.of("collapsed").map(({ namespace }) => namespace)).toEqual(["job", "user"]);
  fleet.clock.advance(11_000);
  expect(await fleet.tagged().users.get("7")).toBe(2);
});
