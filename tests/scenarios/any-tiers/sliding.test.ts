import { minutes } from "@tiercache/core";
import { describe, expect, vi } from "vitest";
import { inWorlds, type World } from "../matrix.ts";
import { valuesIn } from "../values-in.ts";

const inEveryWorld = inWorlds();
const withRemote = inWorlds("remote");
const inBoth = inWorlds("local", "remote");

/** The sessions of one more process. */
function sessionsOf(world: World, ttlMs = minutes(15)) {
  return world.process().namespace<string>("session", { ttlMs, sliding: true });
}

describe("a sliding life", () => {
  inEveryWorld("goes on for as long as a value is read often enough", async (world) => {
    const sessions = sessionsOf(world);
    await sessions.set("s", "user 7");
    for (let read = 0; read < 10; read++) {
      world.clock.advance(minutes(10));
      expect(await sessions.get("s")).toBe("user 7");
      await world.settled();
    }
    world.clock.advance(minutes(14));
    await world.everyTierHolds(sessions, "s", "user 7");
  });

  withRemote("goes on in every process", async (world) => {
    const sessions = sessionsOf(world);
    await sessions.set("s", "user 7");
    for (let read = 0; read < 10; read++) {
      world.clock.advance(minutes(10));
      await sessions.get("s");
      await world.settled();
    }
    const elsewhere = sessionsOf(world);
    world.clock.advance(minutes(14));
    expect(await elsewhere.get("s")).toBe("user 7");
  });

  withRemote("goes on when each read is by another process, none of which has held the value before", async (world) => {
    await sessionsOf(world).set("s", "user 7");
    for (let read = 0; read < 10; read++) {
      world.clock.advance(minutes(10));
      expect(await sessionsOf(world).get("s")).toBe("user 7");
      await world.settled();
    }
    for (const tier of world.remotes) {
      expect(valuesIn(tier).count("renew")).toBe(10);
      expect(valuesIn(tier).count("write")).toBe(1);
    }
  });

  withRemote("goes on where the local tier holds values for less than the time between reads", async (world) => {
    const rules = { ttlMs: minutes(15), sliding: true, local: { ttlMs: minutes(1) } };
    const sessions = world.process().namespace<string>("session", rules);
    await sessions.set("s", "user 7");
    for (let read = 0; read < 10; read++) {
      world.clock.advance(minutes(10));
      expect(await sessions.get("s")).toBe("user 7");
      await world.settled();
    }
  });

  inEveryWorld("ends when nobody reads the value", async (world) => {
    const sessions = sessionsOf(world);
    await sessions.set("s", "user 7");
    world.clock.advance(minutes(10));
    expect(await sessions.get("s")).toBe("user 7");
    await world.settled();
    world.clock.advance(minutes(15));
    expect(await sessions.get("s")).toBeUndefined();
  });

  inEveryWorld("is renewed once in a tenth of itself, not by every hit", async (world) => {
    const sessions = sessionsOf(world, 1_000);
    await sessions.set("s", "user 7");
    for (let read = 0; read < 100; read++) {
      world.clock.advance(10);
      await sessions.get("s");
      await world.settled();
    }
    expect(world.observer.count("renewed")).toBe(10);
    for (const tier of world.remotes) {
      expect(valuesIn(tier).count("renew")).toBe(10);
      expect(valuesIn(tier).count("write")).toBe(1);
    }
  });

  inEveryWorld("is renewed and not loaded anew where there is a loader", async (world) => {
    const load = vi.fn(() => "user 7");
    const sessions = world.process().namespace("session", { load, ttlMs: 1_000, sliding: true });
    for (let read = 0; read < 10; read++) {
      expect(await sessions.get("s")).toBe("user 7");
      await world.settled();
      world.clock.advance(900);
    }
    expect(load).toHaveBeenCalledTimes(1);
  });

  inEveryWorld("is renewed by batches as by single reads", async (world) => {
    const sessions = sessionsOf(world, 1_000);
    await sessions.set("s", "user 7");
    for (let read = 0; read < 10; read++) {
      world.clock.advance(900);
      expect(await sessions.getMany(["s"])).toEqual(["user 7"]);
      await world.settled();
    }
  });

  inBoth("is not prolonged once another process has ended the session, however often it is used", async (world) => {
    const here = sessionsOf(world);
    await here.set("s", "user 7");
    await sessionsOf(world).delete("s");
    for (let minute = 0; minute < 15; minute++) {
      await here.get("s");
      await world.settled();
      world.clock.advance(minutes(1));
    }
    expect(await here.get("s")).toBeUndefined();
    expect(await sessionsOf(world).get("s")).toBeUndefined();
    expect(world.observer.count("renewed")).toBe(0);
  });

  inBoth("is that of what another process has set meanwhile", async (world) => {
    const here = sessionsOf(world);
    await here.set("s", "user 7");
    await sessionsOf(world).set("s", "user 8");
    world.clock.advance(minutes(5));
    expect(await here.get("s")).toBe("user 7");
    await world.settled();
    expect(await here.get("s")).toBe("user 8");
    await world.everyTierHolds(here, "s", "user 8");
  });

  withRemote("is prolonged by no read that passes tiers by", async (world) => {
    const sessions = sessionsOf(world);
    await sessions.set("s", "user 7");
    world.clock.advance(minutes(5));
    const skipWriting = world.tierNames.slice(0, 1);
    expect(await sessionsOf(world).read("s", { skipWriting })).toMatchObject({ value: "user 7" });
    await world.settled();
    expect(world.observer.count("renewed")).toBe(0);
  });

  withRemote(
    "that a read is about to prolong is not brought back by that once the session was ended",
    async (world) => {
      await sessionsOf(world).set("s", "user 7");
      world.clock.advance(minutes(5));
      for (const tier of world.remotes) tier.hold("renew", "request");
      const sessions = sessionsOf(world);
      expect(await sessions.get("s")).toBe("user 7");
      await sessionsOf(world).delete("s");
      await sessions.delete("s");
      for (const tier of world.remotes) tier.release();
      await world.settled();
      await world.everyTierHolds(sessions, "s", undefined);
    },
  );

  inBoth("ends by itself while no remote tier can confirm that the session is still there", async (world) => {
    const sessions = sessionsOf(world);
    await sessions.set("s", "user 7");
    for (const tier of world.remotes) tier.fail();
    world.clock.advance(minutes(10));
    expect(await sessions.get("s")).toBe("user 7");
    await world.settled();
    world.clock.advance(minutes(5));
    expect(await sessions.get("s")).toBeUndefined();
  });

  inBoth("that is being renewed is not brought back by that once it was deleted here", async (world) => {
    const sessions = sessionsOf(world);
    await sessions.set("s", "user 7");
    world.clock.advance(minutes(5));
    for (const tier of world.remotes) tier.hold("read");
    await sessions.get("s");
    await world.remotes[0]?.whenHeld(1);
    await sessions.delete("s");
    for (const tier of world.remotes) tier.release();
    await world.settled();
    await world.everyTierHolds(sessions, "s", undefined);
  });

  inBoth("is renewed once by all hits of a moment", async (world) => {
    const sessions = sessionsOf(world);
    await sessions.set("s", "user 7");
    world.clock.advance(minutes(5));
    await Promise.all(Array.from({ length: 50 }, () => sessions.get("s")));
    await world.settled();
    for (const tier of world.remotes) expect(valuesIn(tier).reads).toEqual([["session:s"]]);
    expect(world.observer.count("renewed")).toBe(1);
  });

  inEveryWorld("is not to be had together with refresh ahead", (world) => {
    expect(() => world.process().namespace("n", { load: () => 1, sliding: true, refreshAhead: 0.5 })).toThrow(
      'namespace "n".sliding excludes refreshAhead',
    );
  });
});
