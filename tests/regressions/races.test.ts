import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

/* What goes wrong elsewhere when things happen at the same time. */

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe.each(["delete", "invalidate"] as const)("%s while a load runs", (operation) => {
  // Elsewhere the load puts the old value back: everywhere into memory, and where that is fenced, into the remote tier.
  test("leaves the old value in no tier of this process or another", async () => {
    const answer = Promise.withResolvers<string>();
    const users = fleet.process().namespace("user", { load: () => answer.promise });
    const read = users.get("1");
    await fleet.settled();
    expect(await users[operation]("1")).toEqual({ status: "done" });
    answer.resolve("old");
    expect(await read).toBe("old");
    await fleet.settled();
    expect(users.peek("1")).toBeUndefined();
    expect(valuesIn(fleet.shared).writes).toEqual([]);
    expect(await fleet.process().namespace<string>("user").get("1")).toBeUndefined();
  });

  test("does so for a load of a whole batch, and keeps the other keys of it", async () => {
    const answer = Promise.withResolvers<string[]>();
    const users = fleet.process().namespace("user", { loadMany: () => answer.promise });
    const read = users.getMany(["1", "2"]);
    await fleet.settled();
    await users[operation]("1");
    answer.resolve(["old", "two"]);
    expect(await read).toEqual(["old", "two"]);
    await fleet.settled();
    expect([users.peek("1"), users.peek("2")]).toEqual([undefined, "two"]);
    expect(valuesIn(fleet.shared).writes).toEqual(["user:2"]);
  });

  test("does so for a load that replaces a stale value behind its readers", async () => {
    const answer = Promise.withResolvers<string>();
    const load = vi.fn<() => string | Promise<string>>().mockReturnValueOnce("old").mockReturnValueOnce(answer.promise);
    const users = fleet.process().namespace("user", { load, ttlMs: 100, staleWhileRevalidateMs: 100 });
    await users.get("1");
    await fleet.settled();
    fleet.clock.advance(150);
    expect(await users.get("1")).toBe("old");
    await fleet.settled();
    await users[operation]("1");
    answer.resolve("older than the write");
    await fleet.settled();
    expect(users.peek("1")).toBeUndefined();
    expect(valuesIn(fleet.shared).writes).toEqual(["user:1"]);
  });

  test("does so when the remote tier is slow to remove", async () => {
    await fleet.process().namespace<string>("user").set("1", "old");
    const load = vi.fn(() => "new");
    const users = fleet.process().namespace("user", { load });
    fleet.shared.hold("remove", "request");
    const removing = users[operation]("1");
    expect(await users.get("1")).toBe("old");
    fleet.shared.release();
    expect(await removing).toEqual({ status: "done" });
    expect(await users.get("1")).toBe("new");
  });
});

// Elsewhere the load that began before a set ends after it and takes its place.
test("a set while a load runs is what all tiers hold afterwards", async () => {
  const answer = Promise.withResolvers<string>();
  const users = fleet.process().namespace("user", { load: () => answer.promise });
  const read = users.get("1");
  await fleet.settled();
  await users.set("1", "set");
  answer.resolve("loaded");
  await read;
  await fleet.settled();
  expect(users.peek("1")).toBe("set");
  expect(await fleet.process().namespace<string>("user").get("1")).toBe("set");
});

// Elsewhere a reader waits for the write of what he has already been given, or for a message about it.
test("a reader does not wait for his value to be written, and a refresh behind him waits for nobody", async () => {
  const users = fleet.process().namespace("user", { load: (id) => `loaded ${id}` });
  await users.get("0");
  await fleet.settled();
  fleet.shared.hold("write", "request");
  expect(await users.get("1")).toBe("loaded 1");
  expect(await users.getMany(["2", "3"])).toEqual(["loaded 2", "loaded 3"]);
  expect(fleet.shared.heldCalls.map(({ keys }) => keys[0])).toEqual(["user:1", "user:2", "user:3"]);
  fleet.shared.release();
});

// Elsewhere tiers are asked in a race, and the miss of the near one wins over the hit of the far one.
test("a hit of a slow remote tier counts, and no loader is called meanwhile", async () => {
  await fleet.process().namespace<string>("user").set("1", "kept");
  const load = vi.fn(() => "loaded");
  const users = fleet.process().namespace("user", { load });
  fleet.shared.hold("read");
  const read = users.get("1");
  await fleet.shared.whenHeld(1);
  await fleet.settled();
  expect(load).not.toHaveBeenCalled();
  fleet.shared.release();
  expect(await read).toBe("kept");
  expect(load).not.toHaveBeenCalled();
});

// Elsewhere running loads stand in one list for all caches of a process.
test("two caches with the same namespace and key do not share a load", async () => {
  const [one, two] = [vi.fn(async () => "one"), vi.fn(async () => "two")];
  const first = fleet.process({ prefix: "one" }).namespace("user", { load: one });
  const second = fleet.process({ prefix: "two" }).namespace("user", { load: two });
  expect(await Promise.all([first.get("1"), second.get("1")])).toEqual(["one", "two"]);
});

// Elsewhere each reader of an old value starts a refresh of his own.
test("a hundred readers of a stale value start one refresh, single reads and batches alike", async () => {
  const load = vi.fn(async (id: string) => `${id}${fleet.clock.now()}`);
  const texts = fleet.process().namespace("text", { load, ttlMs: 100, staleWhileRevalidateMs: 100 });
  await texts.get("a");
  fleet.clock.advance(150);
  const reads = Array.from({ length: 50 }, () => [texts.get("a"), texts.getMany(["a"])]);
  expect(new Set((await Promise.all(reads.flat())).flat())).toEqual(new Set(["a0"]));
  await fleet.settled();
  expect(load).toHaveBeenCalledTimes(2);
  expect(await texts.get("a")).toBe("a150");
});
