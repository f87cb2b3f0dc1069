import { beforeEach, describe, expect, test, vi } from "vitest";
import { keysOfValues } from "../values-in.ts";
import { FencedFleet } from "./fenced-fleet.ts";

let fleet: FencedFleet;
let version: number;

beforeEach(() => {
  fleet = new FencedFleet();
  version = 1;
});

const load = vi.fn(() => version);

describe("an invalidation that the server cannot be told of", () => {
  test("is queued, and the old value there is not read in this process, but removed first", async () => {
    const { cache, tier } = fleet.process();
    const users = cache.namespace("user", { load });
    await users.get("7");
    await fleet.settled();
    version = 2;
    tier.fail(undefined, "remove");
    expect(await users.invalidate("7")).toEqual({ status: "queued" });
    expect(keysOfValues(fleet.server.keys)).toEqual(["user:7"]);
    tier.heal();
    expect(await users.get("7")).toBe(2);
    await fleet.settled();
    expect(
      await fleet
        .process()
        .cache.namespace("user", { load: () => 0 })
        .get("7"),
    ).toBe(2);
  });

  test("is done by itself as soon as the server can be told, without anybody reading", async () => {
    const { cache, tier } = fleet.process();
    const users = cache.namespace("user", { load });
    await users.get("7");
    await fleet.settled();
    tier.fail(undefined, "remove");
    await users.invalidate("7");
    tier.heal();
    fleet.clock.advance(100);
    await fleet.settled();
    expect(keysOfValues(fleet.server.keys)).toEqual([]);
  });

  test("is waited for by reads: while it cannot be done, the server is not believed", async () => {
    const { cache, tier } = fleet.process();
    const users = cache.namespace("user", { load });
    await users.get("7");
    await fleet.settled();
    version = 2;
    tier.fail(undefined, "remove");
    await users.invalidate("7");
    expect(await users.read("7")).toMatchObject({ value: 2, source: "loader" });
    tier.heal();
  });
});

test("what a server has lost of its invalidations by coming back with older data is done again before it is read", async () => {
  const { cache } = fleet.process();
  const users = cache.namespace("user", { load });
  await users.get("7");
  await fleet.settled();
  const older = fleet.server.snapshot();
  version = 2;
  expect(await users.invalidate("7")).toEqual({ status: "done" });
  fleet.server.restart({ keep: older });
  expect(keysOfValues(fleet.server.keys)).toEqual(["user:7"]);
  expect(await users.get("7")).toBe(2);
});

test("what a server has lost of a set by coming back with older data is not read again", async () => {
  const { cache } = fleet.process();
  const users = cache.namespace("user", { load: () => 9 });
  await users.set("7", 1);
  const older = fleet.server.snapshot();
  expect(await users.set("7", 2)).toEqual({ status: "done" });
  fleet.server.restart({ keep: older });
  expect(await users.read("7", { skipReading: ["lru"] })).toMatchObject({ value: 9, source: "loader" });
});

test("what a server has come back with is not believed until the other processes have repeated their invalidations", async () => {
  const reader = fleet.process();
  const other = fleet.process();
  const users = reader.cache.namespace("user", { load });
  await users.get("7");
  await fleet.settled();
  fleet.clock.advance(1_000);
  const older = fleet.server.snapshot();
  version = 2;
  expect(await other.cache.namespace<number>("user").invalidate("7")).toEqual({ status: "done" });
  other.tier.hold("remove", "request");
  fleet.clock.advance(100);
  fleet.server.restart({ keep: older });
  expect(await users.get("7")).toBe(2);
  await fleet.settled();
  // What was loaded since is believed.
  load.mockClear();
  expect(await fleet.process().cache.namespace("user", { load }).get("7")).toBe(2);
  expect(load).not.toHaveBeenCalled();
  other.tier.release();
});

test("what a server has come back with is believed when the others have had the time to repeat theirs", async () => {
  const users = fleet.process().cache.namespace("user", { load });
  await users.get("7");
  await fleet.settled();
  fleet.clock.advance(100);
  fleet.server.restart({ keep: "all" });
  fleet.clock.advance(10_001);
  load.mockClear();
  expect(await users.read("7", { skipReading: ["lru"] })).toMatchObject({ value: 1, source: "memory" });
  expect(load).not.toHaveBeenCalled();
});

test("a load that a lease was taken from does not get it back by a server with older data", async () => {
  const reader = fleet.process();
  const other = fleet.process();
  const loaded = Promise.withResolvers<number>();
  const reading = reader.cache.namespace("user", { load: () => loaded.promise }).get("7");
  await fleet.settled();
  const older = fleet.server.snapshot();
  // Else it would know of the invalidation, and keep nothing.
  reader.tier.loseBus();
  expect(await other.cache.namespace<number>("user").invalidate("7")).toEqual({ status: "done" });
  other.tier.hold("remove", "request");
  fleet.clock.advance(100);
  fleet.server.restart({ keep: older });
  loaded.resolve(1);
  expect(await reading).toBe(1);
  await fleet.settled();
  version = 2;
  expect(await fleet.process().cache.namespace("user", { load }).get("7")).toBe(2);
  other.tier.release();
});

test("an answer that was under way when its key was invalidated elsewhere is handed out, but not kept", async () => {
  const one = fleet.process();
  const other = fleet.process();
  const users = one.cache.namespace("user", { load });
  await other.cache.namespace("user", { load }).get("7");
  await fleet.settled();
  one.tier.hold("read", "reply");
  const reading = users.get("7");
  await one.tier.whenHeld(1);
  version = 2;
  const third = fleet.process().cache.namespace<number>("user");
  await third.invalidate("7");
  await fleet.settled();
  one.tier.release();
  expect(await reading).toBe(1);
  await fleet.settled();
  expect(users.peek("7")).toBeUndefined();
  expect(await users.get("7")).toBe(2);
});

test("a thousand readers in four processes of one cold key make one load", async () => {
  load.mockClear();
  const processes = Array.from({ length: 4 }, () => fleet.process().cache.namespace("user", { load }));
  const reads = processes.flatMap((users) => Array.from({ length: 250 }, () => users.get("7")));
  expect(new Set(await Promise.all(reads))).toEqual(new Set([1]));
  expect(load).toHaveBeenCalledTimes(1);
});

test("a holder of a lease that has died is waited for no longer than five seconds", async () => {
  const dead = fleet.process();
  void dead.cache
    .namespace("user", { load: () => new Promise<number>(() => {}) })
    .get("7")
    .catch(() => {});
  await fleet.settled();
  const reading = fleet.process().cache.namespace("user", { load }).get("7");
  for (let step = 0; step < 60; step++) {
    await fleet.settled();
    fleet.clock.advance(100);
  }
  expect(await reading).toBe(1);
});

test("a key that another process is loading is explained as leased", async () => {
  const one = fleet.process();
  one.tier.hold("commit", "request");
  const reading = one.cache.namespace("user", {
    load: () => new Promise<number>((done) => void setImmediate(done, 1)),
  });
  const answer = reading.get("7");
  while (keysOfValues(fleet.server.keys).length === 0) await fleet.settled();
  const { tiers } = await fleet.process().cache.namespace("user", { load }).explain("7");
  expect(tiers[1]).toEqual({ tier: "memory", holds: "leased" });
  one.tier.release();
  await answer;
});
