import type { CacheEvent, ReadOptions } from "@tiercache/core";
import { describe, expect } from "vitest";
import { inWorlds, type World } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withLocal = inWorlds("local");
const withRemote = inWorlds("remote");

const told: ReadonlySet<CacheEvent["type"]> = new Set(["hit", "stale", "miss", "bypass", "read-failed", "joined"]);

/** What was told of reads since the last call. */
function outcomes(world: World): readonly CacheEvent["type"][] {
  const types = world.observer.events.map(({ type }) => type).filter((type) => told.has(type));
  world.observer.clear();
  return types;
}

const swr = { ttlMs: 100, staleWhileRevalidateMs: 100 };

describe("of a read exactly one outcome is told:", () => {
  inEveryWorld("a miss, then hits", async (world) => {
    const users = world.process().namespace("user", { load: (id) => id });
    await users.get("1");
    await world.settled();
    expect(outcomes(world)).toEqual(["miss"]);
    await users.get("1");
    await users.read("1");
    await users.getMany(["1"]);
    expect(outcomes(world)).toEqual(["hit", "hit", "hit"]);
  });

  inEveryWorld("a miss where there is no loader and nothing to find", async (world) => {
    const users = world.process().namespace<string>("user");
    await users.get("1");
    await users.getMany(["1", "2"]);
    expect(outcomes(world)).toEqual(["miss", "miss", "miss"]);
  });

  inEveryWorld("of those who read together, one miss and the others joined", async (world) => {
    const users = world.process().namespace("user", { load: async (id) => id });
    await Promise.all([users.get("1"), users.get("1"), users.getMany(["1"])]);
    expect(outcomes(world).toSorted()).toEqual(["joined", "joined", "miss"]);
  });

  inEveryWorld("a hit that is negative where the loader has said that there is none", async (world) => {
    const users = world.process().namespace<string | undefined>("user", { load: () => undefined });
    await users.get("1");
    await world.settled();
    world.observer.clear();
    await users.get("1");
    await users.read("1");
    const hit = { type: "hit", namespace: "user", tier: world.tierNames[0], negative: true };
    expect(world.observer.of("hit")).toEqual([hit, hit]);
  });

  inEveryWorld("an error, which is no miss", async (world) => {
    const users = world.process().namespace("user", { load: () => Promise.reject(new Error("down")) });
    await expect(users.get("1")).rejects.toThrow("down");
    await Promise.allSettled([users.getManySettled(["2", "3"])]);
    expect(outcomes(world)).toEqual(["read-failed", "read-failed", "read-failed"]);
  });

  inEveryWorld("a bypass where the read insists on a load", async (world) => {
    const users = world.process().namespace("user", { load: (id) => id });
    const options: ReadOptions = { from: "load" };
    await users.read("1", options);
    await users.read("1", options);
    expect(outcomes(world)).toEqual(["bypass", "bypass"]);
  });

  inEveryWorld("a bypass where the cache is switched off", async (world) => {
    const users = world.process({ enabled: false }).namespace("user", { load: (id) => id });
    await users.get("1");
    expect(outcomes(world)).toEqual(["bypass"]);
  });

  inEveryWorld("stale, while it is refreshed behind, wherever the stale value was", async (world) => {
    const users = world.process(swr).namespace("user", { load: (id) => id });
    await users.get("1");
    await world.settled();
    world.clock.advance(150);
    outcomes(world);
    await users.get("1");
    await world.settled();
    expect(outcomes(world)).toEqual(["stale"]);
    expect(await users.get("1")).toBe("1");
    expect(outcomes(world)).toEqual(["hit"]);
  });

  inEveryWorld("stale, in place of a load that fails", async (world) => {
    let isDown = false;
    const load = (id: string): string => {
      if (isDown) throw new Error("down");
      return id;
    };
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000 };
    const users = world.process(rules).namespace("user", { load });
    await users.get("1");
    await world.settled();
    world.clock.advance(150);
    outcomes(world);
    isDown = true;
    await users.get("1");
    await world.settled();
    expect(outcomes(world)).toEqual(["stale"]);
  });

  inEveryWorld("stale, in place of a load that takes too long, and nothing when that ends", async (world) => {
    const slow = Promise.withResolvers<string>();
    let loads = 0;
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000, softTimeoutMs: 10 };
    const users = world.process(rules).namespace("user", { load: (id: string) => (++loads === 1 ? id : slow.promise) });
    await users.get("1");
    await world.settled();
    world.clock.advance(150);
    outcomes(world);
    const read = users.get("1");
    await world.settled();
    world.clock.advance(20);
    expect(await read).toBe("1");
    slow.resolve("2");
    await world.settled();
    expect(outcomes(world)).toEqual(["stale"]);
  });

  inEveryWorld("stale, in place of a load that takes too long, and nothing when that fails", async (world) => {
    const slow = Promise.withResolvers<string>();
    let loads = 0;
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000, softTimeoutMs: 10 };
    const load = (id: string): string | Promise<string> => (++loads === 1 ? id : slow.promise);
    const users = world.process(rules).namespace("user", { load });
    await users.get("1");
    await world.settled();
    world.clock.advance(150);
    outcomes(world);
    const read = users.get("1");
    await world.settled();
    world.clock.advance(20);
    expect(await read).toBe("1");
    slow.reject(new Error("down"));
    await world.settled();
    expect(outcomes(world)).toEqual(["stale"]);
  });

  withLocal("a hit in the local tier that is peeked at", async (world) => {
    const users = world.process().namespace("user", { load: (id) => id });
    await users.get("1");
    outcomes(world);
    users.peek("1");
    users.peek("2");
    expect(outcomes(world)).toEqual(["hit"]);
  });

  inEveryWorld("none where the reader has left", async (world) => {
    const leaving = new AbortController();
    const load = (_id: string, { signal }: { readonly signal: AbortSignal }): Promise<string> =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    const users = world.process().namespace("user", { load });
    const read = users.read("1", { signal: leaving.signal });
    await world.settled();
    leaving.abort();
    await expect(read).rejects.toThrow();
    await world.settled();
    expect(outcomes(world)).toEqual([]);
  });
});

describe("the observer is told", () => {
  withRemote("of every call to a remote tier, how it ended and how long it took", async (world) => {
    const users = world.process().namespace("user", { load: (id) => id });
    // With its first value a namespace is given its generation.
    await users.get("before");
    await world.settled();
    world.observer.clear();
    await users.get("1");
    await world.settled();
    const [tier] = world.remotes;
    const calls = world.observer.of("tier-called").filter((call) => call.tier === tier?.name);
    expect(calls.map(({ operation }) => operation)).toEqual(["read", "write"]);
    expect(new Set(calls.map(({ outcome, durationMs }) => `${outcome} ${durationMs}`))).toEqual(new Set(["ok 0"]));
    world.observer.clear();
    tier?.hang();
    const read = users.get("2");
    await world.settled();
    world.clock.advance(200);
    await read;
    const late = { type: "tier-called", tier: tier?.name, operation: "read", outcome: "TIER_TIMEOUT", durationMs: 200 };
    expect(world.observer.of("tier-called")).toContainEqual(late);
  });

  withRemote("of what was copied into the tiers above the one that had it", async (world) => {
    const [writer, reader] = [world.process(), world.process()];
    const skipWriting = world.remotes.slice(0, -1).map(({ name }) => name);
    await writer.namespace<string>("user").set("1", "v", { skipWriting });
    world.observer.clear();
    await reader.namespace<string>("user").get("1");
    await world.settled();
    const filled = world.observer.of("back-filled").map(({ tier }) => tier);
    expect(filled.toSorted()).toEqual(world.tierNames.slice(0, -1).toSorted());
  });

  inEveryWorld("of writes, with what they were and how they ended", async (world) => {
    const users = world.process().namespace<string>("user");
    await users.setMany([
      ["1", "a"],
      ["2", "b"],
    ]);
    await users.delete("1");
    await users.invalidateMany(["1", "2"]);
    const writes = world.observer.of("written").map(({ operation, keys, status }) => [operation, keys, status]);
    expect(writes).toEqual([
      ["set", 2, "done"],
      ["delete", 1, "done"],
      ["invalidate", 2, "done"],
    ]);
  });

  withRemote("of a write that a tier could not be told of", async (world) => {
    const users = world.process().namespace<string>("user");
    for (const tier of world.remotes) tier.fail();
    await users.delete("1");
    expect(world.observer.of("written").map(({ status }) => status)).toEqual(["queued"]);
  });

  inEveryWorld("of the end, last of all", async (world) => {
    const cache = world.process();
    await cache.namespace("user", { load: (id) => id }).get("1");
    await cache.close();
    expect(world.observer.events.at(-1)).toEqual({ type: "closed" });
  });
});
