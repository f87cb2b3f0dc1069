import { CacheError } from "@tiercache/core";
import { describe, expect, vi } from "vitest";
import { inWorlds, type World } from "../matrix.ts";

const withRemote = inWorlds("remote");
const inBoth = inWorlds("local", "remote");

/** What the observer is told of a failure, of each remote tier. */
function failuresOf(world: World, operation: string, code: unknown = expect.any(String)) {
  return world.remotes.map(({ name }) => ({ type: "tier-failed", tier: name, operation, code }));
}

describe("remote tiers that fail", () => {
  withRemote("cost a reader nothing but the load, and are told to the observer without a key", async (world) => {
    const users = world.process().namespace("user", { load: (id) => id });
    await users.get("before");
    await world.settled();
    for (const tier of world.remotes) tier.fail();
    expect(await users.get("secret-id")).toBe("secret-id");
    expect(await users.getMany(["a", "b"])).toEqual(["a", "b"]);
    await world.settled();
    for (const operation of ["read", "write"]) {
      expect(world.observer.events).toEqual(expect.arrayContaining(failuresOf(world, operation)));
    }
    expect(JSON.stringify(world.observer.events)).not.toContain("secret-id");
  });

  inBoth("do not make a write reject, but the writer is told", async (world) => {
    const users = world.process().namespace<string>("user");
    expect(await users.set("1", "v")).toEqual({ status: "done" });
    for (const tier of world.remotes) {
      tier.fail();
      expect(await users.set("1", "w")).toEqual({ status: "queued" });
      expect(users.peek("1")).toBe("w");
      expect(await users.get("1")).toBe("w");
      expect(await users.delete("1")).toEqual({ status: "queued" });
      expect(users.peek("1")).toBeUndefined();
      tier.heal();
      expect(await users.delete("1")).toEqual({ status: "done" });
    }
  });

  withRemote("are used again once they have healed", async (world) => {
    for (const tier of world.remotes) tier.fail();
    const load = vi.fn((id: string) => id);
    await world.process().namespace("user", { load }).get("1");
    for (const tier of world.remotes) tier.heal();
    await world.process().namespace("user", { load }).get("1");
    await world.settled();
    await world.process().namespace("user", { load }).get("1");
    expect(load).toHaveBeenCalledTimes(2);
  });

  withRemote("whose time is unknown are neither believed nor written to", async (world) => {
    await world
      .process()
      .namespace("user", { load: () => "before" })
      .get("1");
    await world.settled();
    for (const tier of world.remotes) tier.loseTime();
    const users = world.process().namespace("user", { load: () => "after" });
    expect(await users.get("1")).toBe("after");
    expect(await users.set("1", "x")).toEqual({ status: "queued" });
  });
});

describe.each<[string, Error, string]>([
  ["its own code", Object.assign(new Error("secret"), { code: "ECONNRESET" }), "ECONNRESET"],
  ["its name", new TypeError("secret"), "TypeError"],
  ["the code of its cause", new CacheError("TIER_FAILED", "secret", { cause: { code: "OOM" } }), "OOM"],
  ["our code for it", new CacheError("TIER_FAILED", "secret"), "TIER_FAILED"],
])("a tier's error is reported by %s", (_, error, code) => {
  withRemote("and by nothing else of it", async (world) => {
    for (const tier of world.remotes) tier.fail(error);
    await world
      .process()
      .namespace("user", { load: (id) => id })
      .get("1");
    const failures = world.observer.of("tier-failed").slice(0, world.remotes.length);
    expect(failures).toEqual(failuresOf(world, "read", code));
    expect(JSON.stringify(world.observer.events)).not.toContain("secret");
  });
});

describe("remote tiers that hang", () => {
  withRemote("cost a reader one deadline each, then the load", async (world) => {
    for (const tier of world.remotes) tier.hang();
    const load = vi.fn((id: string) => id);
    const reading = world.process({ deadlineMs: 200 }).namespace("user", { load }).get("1");
    for (const _ of world.remotes) {
      await world.settled();
      world.clock.advance(199);
      await world.settled();
      expect(load).not.toHaveBeenCalled();
      world.clock.advance(1);
    }
    expect(await reading).toBe("1");
    // The farthest has been asked for tokens meanwhile, where it is another one than the nearest.
    const forTokens = failuresOf(world, "read", "TIER_TIMEOUT").slice(1);
    expect(world.observer.of("tier-failed")).toEqual([...failuresOf(world, "read", "TIER_TIMEOUT"), ...forTokens]);
  });

  withRemote("are not waited for by the reader whose value is written there", async (world) => {
    const users = world.process().namespace("user", { load: (id) => id });
    await users.get("before");
    await world.settled();
    for (const tier of world.remotes) tier.hold("write");
    expect(await users.get("1")).toBe("1");
    for (const tier of world.remotes) tier.release();
  });
});
