import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";
import { valuesIn } from "../values-in.ts";

const inEveryWorld = inWorlds();
const withLocal = inWorlds("local");
const withRemote = inWorlds("remote");

const closed = { code: "CLOSED" };

describe("a closed cache", () => {
  inEveryWorld("fires the signals of running loaders", async (world) => {
    const cache = world.process();
    const begun = Promise.withResolvers<void>();
    const users = cache.namespace("user", {
      load: (_id, { signal }) =>
        new Promise<string>((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("told to stop")));
          begun.resolve();
        }),
    });
    const reading = users.get("1");
    await begun.promise;
    await cache.close();
    await expect(reading).rejects.toThrow("told to stop");
  });

  inEveryWorld("begins no loader, not even for a read that was already under way", async (world) => {
    const cache = world.process();
    const load = vi.fn((id: string) => id);
    const reading = cache.namespace("user", { load }).get("1");
    await cache.close();
    await expect(reading).rejects.toMatchObject(closed);
    expect(load).not.toHaveBeenCalled();
  });

  inEveryWorld("refuses reads that would load, writes and declarations, however often it is closed", async (world) => {
    const cache = world.process();
    const users = cache.namespace("user", { load: (id) => id });
    await users.get("1");
    await cache.close();
    await cache.close();
    await expect(users.get("2")).rejects.toMatchObject(closed);
    await expect(users.getMany(["1", "2"])).rejects.toMatchObject(closed);
    await expect(users.set("2", "v")).rejects.toMatchObject(closed);
    await expect(users.delete("2")).rejects.toMatchObject(closed);
    await expect(users.invalidate("2")).rejects.toMatchObject(closed);
    expect(() => cache.namespace("late")).toThrow(expect.objectContaining(closed));
    for (const tier of world.remotes) expect(tier.count("close")).toBe(1);
  });

  withLocal("answers what its local tier still holds", async (world) => {
    const cache = world.process();
    const users = cache.namespace("user", { load: (id) => id });
    await users.get("1");
    await cache.close();
    expect(await users.get("1")).toBe("1");
    expect(users.peek("1")).toBe("1");
  });

  inEveryWorld("writes nothing of a load that ends all the same", async (world) => {
    const cache = world.process();
    const answer = Promise.withResolvers<string>();
    const reading = cache.namespace("text", { load: () => answer.promise }).get("a");
    await world.settled();
    await cache.close();
    answer.resolve("late");
    expect(await reading).toBe("late");
    await world.settled();
    expect(world.calls("write")).toBe(0);
  });

  withRemote("has waited for the writes on their way, no longer than the deadline", async (world) => {
    const cache = world.process({ deadlineMs: 200 });
    const users = cache.namespace("user", { load: (id) => id });
    await users.get("before");
    await world.settled();
    for (const tier of world.remotes) tier.hold("write");
    await users.get("1");
    await world.settled();
    const ended = vi.fn();
    const closing = cache.close().then(ended);
    await world.settled();
    expect(ended).not.toHaveBeenCalled();
    world.clock.advance(200);
    await closing;
    // Each tier has a deadline of its own: which of two is told first that end at the same instant is nobody's promise.
    const failures = world.remotes.map(({ name }) => {
      return { type: "tier-failed", tier: name, operation: "write", code: "TIER_TIMEOUT" };
    });
    expect(new Set(world.observer.of("tier-failed"))).toEqual(new Set(failures));
    expect(world.observer.of("tier-failed")).toHaveLength(failures.length);
  });
});

describe("draining", () => {
  inEveryWorld("waits for a refresh behind, its load and its writes", async (world) => {
    const cache = world.process();
    const load = vi.fn(async () => world.clock.now());
    const times = cache.namespace("time", { load, ttlMs: 100, staleWhileRevalidateMs: 100 });
    await times.get("t");
    await cache.drain();
    world.clock.advance(150);
    expect(await times.get("t")).toBe(0);
    await cache.drain();
    await world.everyTierHolds(times, "t", 150);
    for (const tier of world.remotes) expect(valuesIn(tier).count("write")).toBe(2);
  });

  withRemote("waits for a write that is on its way, and not for nothing", async (world) => {
    const cache = world.process();
    const texts = cache.namespace("text", { load: (id) => id });
    await texts.get("before");
    await cache.drain();
    for (const tier of world.remotes) tier.hold("write");
    await texts.get("a");
    const ended = vi.fn();
    const draining = cache.drain().then(ended);
    for (const tier of world.remotes) {
      await world.settled();
      expect(ended).not.toHaveBeenCalled();
      tier.release();
    }
    await draining;
  });

  withRemote("waits for a removal that nobody else waits for", async (world) => {
    const [nearest] = world.remotes;
    const cache = world.process();
    const ttlMs = (at: number): number => (at === 0 ? 100 : 0);
    const load = () => world.clock.now();
    const times = cache.namespace("time", { load, ttlMs, staleWhileRevalidateMs: 1_000 });
    await times.get("t");
    await cache.drain();
    world.clock.advance(150);
    nearest?.hold("remove");
    await times.get("t");
    await nearest?.whenHeld(1);
    const ended = vi.fn();
    const draining = cache.drain().then(ended);
    await world.settled();
    expect(ended).not.toHaveBeenCalled();
    nearest?.release();
    await draining;
  });

  inEveryWorld("never rejects, whatever fails meanwhile", async (world) => {
    const cache = world.process();
    const reading = cache.namespace("text", { load: () => Promise.reject(new Error("away")) }).get("a");
    reading.catch(() => {});
    await cache.drain();
    await expect(reading).rejects.toThrow("away");
  });
});

describe("a cache that is switched off", () => {
  inEveryWorld("loads on every read and asks no tier", async (world) => {
    const load = vi.fn((id: string) => id);
    const texts = world.process({ enabled: false }).namespace("text", { load });
    await texts.get("a");
    await texts.get("a");
    expect(await texts.getMany(["a", "b"])).toEqual(["a", "b"]);
    expect(load).toHaveBeenCalledTimes(4);
    expect(texts.peek("a")).toBeUndefined();
    for (const tier of world.remotes) expect(tier.count()).toBe(0);
  });

  inEveryWorld("still calls the loader once for all who ask at the same time", async (world) => {
    const load = vi.fn(async (id: string) => id);
    const texts = world.process({ enabled: false }).namespace("text", { load });
    await Promise.all([texts.get("a"), texts.get("a"), texts.getMany(["a"])]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  inEveryWorld("takes writes and forgets them", async (world) => {
    const texts = world.process({ enabled: false }).namespace<string>("text");
    expect(await texts.set("a", "v")).toEqual({ status: "done" });
    expect(await texts.get("a")).toBeUndefined();
    expect(await texts.delete("a")).toEqual({ status: "done" });
    for (const tier of world.remotes) expect(tier.count()).toBe(0);
  });

  withRemote("closes the connections of its tiers all the same", async (world) => {
    await world.process({ enabled: false }).close();
    for (const tier of world.remotes) expect(tier.count("close")).toBe(1);
  });
});
