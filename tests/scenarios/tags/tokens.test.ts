import { days } from "@tiercache/core";
import { beforeEach, describe, expect, test } from "vitest";
import { GENERATION, TAG, TaggedUsers } from "./tagged-users.ts";

let fleet: TaggedUsers;

beforeEach(() => {
  fleet = new TaggedUsers();
});

describe("a token", () => {
  test("that the server has evicted brings nothing back: what was made under it is a miss", async () => {
    const one = await fleet.warmed();
    await one.users.get("7");
    await fleet.settled();
    fleet.server.evict(TAG);
    fleet.version = 2;
    const other = fleet.tagged();
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
    const users = cache.namespace("user", { load: () => fleet.version, tags: () => ["t"], ttlMs: days(100) });
    await users.get("7");
    await fleet.settled();
    for (let passed = 0; passed < 99; passed += 11) {
      fleet.clock.advance(days(11));
      await fleet.settled();
    }
    fleet.version = 2;
    expect(
      await fleet
        .process()
        .cache.namespace("user", { load: () => fleet.version, tags: () => ["t"] })
        .get("7"),
    ).toBe(1);
  });

  test("that nobody has made use of for a month is forgotten", async () => {
    const one = fleet.tagged();
    await one.users.get("7");
    await fleet.settled();
    fleet.clock.advance(days(31));
    expect(fleet.server.keys).toEqual([]);
  });

  test("under whose key something foreign lies is made anew all the same", async () => {
    const call = { signal: new AbortController().signal, ttlMs: days(1) };
    for (const key of [GENERATION, TAG])
      await fleet.server.tier().write(key, Buffer.from("no token at all, but long"), call);
    const [one, other] = [fleet.tagged(), fleet.tagged()];
    expect(await one.users.get("7")).toBe(1);
    await fleet.settled();
    expect(await other.users.read("7")).toMatchObject({ value: 1, source: "memory" });
  });

  test("that was known before a gap is read again before it is believed", async () => {
    const [one, other] = [await fleet.warmed(), await fleet.warmed()];
    await other.users.get("7");
    await fleet.settled();
    expect(await one.users.get("7")).toBe(1);
    one.tier.loseBus();
    fleet.version = 2;
    await other.cache.deleteByTags(["t:7"]);
    one.tier.healBus();
    await fleet.settled();
    expect(one.users.peek("7")).toBeUndefined();
    expect(await one.users.get("7")).toBe(2);
  });
});
