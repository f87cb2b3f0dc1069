import { CacheError, createCache, hours, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { manualClock, memoryTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { type Row, VersionedUsers } from "./versioned-users.ts";

let fleet: VersionedUsers;

beforeEach(() => {
  fleet = new VersionedUsers();
});

describe("a key that was invalidated with a version", () => {
  test.each(["invalidateMany", "deleteMany"] as const)(
    "by %s keeps out what a lagging replica brings, in every process",
    async (how) => {
      const [one, other] = [fleet.versioned(), fleet.versioned()];
      for (const { users } of [one, other]) await users.get("7");
      await fleet.settled();
      expect(await one.users[how](["7"], { version: 2 })).toEqual({ status: "done" });
      await fleet.settled();
      for (const { users } of [one, other, await fleet.ready()]) {
        expect(await users.get("7")).toEqual({ version: 1 });
        await fleet.settled();
        expect(users.peek("7")).toBeUndefined();
      }
      fleet.replica = 2;
      expect(await other.users.get("7")).toEqual({ version: 2 });
      await fleet.settled();
      expect(await one.users.read("7")).toMatchObject({ value: { version: 2 }, source: "memory" });
      expect(other.users.peek("7")).toEqual({ version: 2 });
    },
  );

  test("keeps what is of that version already, or of a higher one", async () => {
    for (const version of [2, 1]) {
      fleet.replica = 2;
      const { users } = fleet.versioned();
      await users.get("7");
      await fleet.settled();
      const { loads } = fleet;
      await fleet.versioned().users.invalidateMany(["7"], { version });
      await fleet.settled();
      expect(await users.read("7")).toMatchObject({ value: { version: 2 }, source: "memory" });
      expect(fleet.loads).toBe(loads);
    }
  });

  test("goes by the highest of all, in whichever order they come", async () => {
    const { users } = fleet.versioned();
    await users.invalidateMany(["7"], { version: 3 });
    await fleet.versioned().users.invalidateMany(["7"], { version: 2 });
    fleet.replica = 2;
    const other = await fleet.ready();
    await other.users.get("7");
    await fleet.settled();
    expect(other.users.peek("7")).toBeUndefined();
  });

  test("is loaded once for all processes when the replica has it", async () => {
    const processes = Array.from({ length: 4 }, () => fleet.versioned());
    for (const { users } of processes) await users.get("7");
    await fleet.settled();
    await fleet.versioned().users.invalidateMany(["7"], { version: 2 });
    await fleet.settled();
    [fleet.replica, fleet.loads] = [2, 0];
    const reads = processes.flatMap(({ users }) => Array.from({ length: 250 }, () => users.get("7")));
    expect((await Promise.all(reads)).every(({ version }) => version === 2)).toBe(true);
    expect(fleet.loads).toBe(1);
  });

  test("keeps out what is older after a load that failed, or whose process has died", async () => {
    await fleet.versioned().users.invalidateMany(["7"], { version: 2 });
    fleet.isFailing = true;
    await expect(fleet.versioned().users.get("7")).rejects.toThrow("away");
    fleet.isFailing = false;
    await fleet.settled();
    const { cache } = fleet.process();
    const load = (): Promise<Row> => new Promise(() => {});
    const dead = cache.namespace("user", { load, version: ({ version }: Row) => version });
    void dead.get("7").catch(() => {});
    await fleet.settled();
    const reading = fleet.versioned().users.get("7");
    for (let step = 0; step < 400; step++) {
      await fleet.settled();
      fleet.clock.advance(100);
    }
    expect(await reading).toEqual({ version: 1 });
    const last = await fleet.ready();
    expect(await last.users.get("7")).toEqual({ version: 1 });
    await fleet.settled();
    expect(last.users.peek("7")).toBeUndefined();
  });

  test("does so after its removal could be told only late", async () => {
    const one = fleet.versioned();
    await one.users.get("7");
    await fleet.settled();
    one.tier.fail();
    expect(await one.users.invalidateMany(["7"], { version: 2 })).toEqual({ status: "queued" });
    one.tier.heal();
    fleet.clock.advance(minutes(1));
    await fleet.settled();
    const other = await fleet.ready();
    await other.users.get("7");
    await fleet.settled();
    expect(other.users.peek("7")).toBeUndefined();
  });

  test("is free again after an hour", async () => {
    await fleet.versioned().users.invalidateMany(["7"], { version: 2 });
    fleet.clock.advance(hours(1));
    const { users } = await fleet.ready();
    await users.get("7");
    await fleet.settled();
    expect(users.peek("7")).toEqual({ version: 1 });
  });

  test("is kept out by the process that invalidated it where the tier cannot", async () => {
    const clock = manualClock();
    const cache = createCache({ tiers: [lru(), memoryTier({ clock })], clock, ttlMs: minutes(10) });
    let version = 1;
    const users = cache.namespace("user", { load: () => ({ version }), version: (row: Row) => row.version });
    await users.invalidateMany(["7"], { version: 2 });
    expect(await users.get("7")).toEqual({ version: 1 });
    await cache.drain();
    expect(users.peek("7")).toBeUndefined();
    version = 2;
    await users.get("7");
    expect(users.peek("7")).toEqual({ version: 2 });
  });
});

describe("a value with a version", () => {
  test("is not replaced by a lower one that a refresh brings", async () => {
    fleet.replica = 2;
    const rules = { ttlMs: minutes(1), staleIfErrorMs: minutes(60) };
    const { users } = fleet.versioned(rules);
    await users.get("7");
    await fleet.settled();
    fleet.clock.advance(minutes(2));
    fleet.replica = 1;
    expect(await fleet.versioned(rules).users.get("7")).toEqual({ version: 1 });
    await fleet.settled();
    fleet.isFailing = true;
    expect(await fleet.versioned(rules).users.read("7")).toMatchObject({ value: { version: 2 }, stale: "load-failed" });
  });

  test("that is set is not kept where a higher one is, in this process or on the server", async () => {
    const [one, other] = [fleet.versioned(), fleet.versioned()];
    await one.users.set("7", { version: 5 });
    await fleet.settled();
    for (const { users } of [one, other]) {
      expect(await users.set("7", { version: 4 })).toEqual({ status: "done" });
      await fleet.settled();
      expect(await users.get("7")).toEqual({ version: 5 });
    }
    expect(fleet.observer.of("not-kept").map(({ why }) => why)).toEqual(["version", "version"]);
    await other.users.set("7", { version: 6 });
    await fleet.settled();
    expect(await one.users.get("7")).toEqual({ version: 6 });
    await other.users.set("7", { version: 6 });
    expect(fleet.loads).toBe(0);
  });

  test("that is set is not kept where a higher one was asked for", async () => {
    const { users } = await fleet.ready();
    await fleet.versioned().users.invalidateMany(["7"], { version: 5 });
    await users.set("7", { version: 4 });
    await fleet.settled();
    expect(users.peek("7")).toBeUndefined();
    expect(await users.get("7")).toEqual({ version: 1 });
  });

  test("that is set in a cache without remote tiers is not kept where a higher one is", async () => {
    const cache = createCache({ tiers: [lru()], clock: manualClock() });
    const users = cache.namespace<Row>("user", { version: ({ version }) => version });
    await users.set("7", { version: 5 });
    await users.set("7", { version: 4 });
    expect(users.peek("7")).toEqual({ version: 5 });
  });

  test("that has none is kept only where none is known", async () => {
    const { cache } = fleet.process();
    const none = [{ version: -1 }, { version: 1.5 }, { version: "2" as never }, { version: Number.NaN }];
    let at = 0;
    const load = (): Row => none[at] as Row;
    await fleet.settled();
    const users = cache.namespace("user", { load, version: ({ version }: Row) => version });
    for (at = 0; at < none.length; at++) {
      await users.get(`${at}`);
      expect(users.peek(`${at}`)).toEqual(none[at]);
      await users.invalidateMany([`${at}`], { version: 0 });
      await users.get(`${at}`);
      expect(users.peek(`${at}`)).toBeUndefined();
    }
  });

  test("whose function throws has none", async () => {
    const { cache } = fleet.process();
    const version = (): number => {
      throw new Error("no version");
    };
    const users = cache.namespace("user", { load: () => 1, version });
    await fleet.settled();
    expect(await users.get("7")).toBe(1);
    expect(users.peek("7")).toBe(1);
  });
});

describe("what cannot be is refused:", () => {
  test("a version where the namespace has none", async () => {
    const users = fleet.process().cache.namespace("user", { load: () => 1 });
    const refused = users.invalidateMany(["7"], { version: 1 });
    await expect(refused).rejects.toThrow(CacheError);
    await expect(refused).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test.each([-1, 1.5, 2 ** 53, "1", Number.NaN, null])("the version %j", async (version) => {
    const { users } = fleet.versioned();
    const refused = users.deleteMany(["7"], { version: version as number });
    await expect(refused).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("versions in a cache that is to write the first format of frames", () => {
    const { cache } = fleet.process({ frameFormat: 1 });
    expect(() => cache.namespace("user", { load: () => 1, version: () => 1 })).toThrow("frameFormat");
    expect(() => cache.namespace("user", { version: 7 as never })).toThrow("allowed is a function");
  });
});

test("namespaces without versions write the first format, and call the server as they did", async () => {
  const { cache, tier } = fleet.process();
  const users = cache.namespace("user", { load: () => 1 });
  await users.get("7");
  await fleet.settled();
  await users.set("8", 2);
  await users.invalidate("7");
  const [frame] = await fleet.server.tier().readMany(["user:8"]);
  expect(frame?.[2]).toBe(1);
  expect(tier.count("raise")).toBe(0);
});
