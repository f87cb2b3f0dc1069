import { createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe("a limit of the local tier", () => {
  test("makes a process ask the remote tier again, which still has the value", async () => {
    const load = vi.fn(() => fleet.clock.now());
    const times = fleet.process().namespace("time", { load, ttlMs: 1_000, local: { ttlMs: 100 } });
    await times.get("t");
    await fleet.settled();
    fleet.clock.advance(100);
    expect(times.peek("t")).toBeUndefined();
    expect(await times.get("t")).toBe(0);
    expect(load).toHaveBeenCalledTimes(1);
    expect(fleet.shared.count("read")).toBe(2);
    fleet.clock.advance(900);
    expect(await times.get("t")).toBe(1_000);
  });

  test("holds for values that were set too", async () => {
    const texts = fleet.process().namespace<string>("text", { local: { ttlMs: 100 } });
    await texts.set("a", "v");
    fleet.clock.advance(100);
    expect(texts.peek("a")).toBeUndefined();
    expect(await texts.get("a")).toBe("v");
  });
});

describe("a sliding life", () => {
  test("goes on for as long as a value is read often enough, in every process", async () => {
    const sessions = fleet.process().namespace<string>("session", { ttlMs: minutes(15), sliding: true });
    await sessions.set("s", "user 7");
    for (let read = 0; read < 10; read++) {
      fleet.clock.advance(minutes(10));
      expect(await sessions.get("s")).toBe("user 7");
      await fleet.settled();
    }
    const elsewhere = fleet.process().namespace<string>("session", { ttlMs: minutes(15), sliding: true });
    fleet.clock.advance(minutes(14));
    expect(await elsewhere.get("s")).toBe("user 7");
  });

  test("ends when nobody reads the value", async () => {
    const sessions = fleet.process().namespace<string>("session", { ttlMs: minutes(15), sliding: true });
    await sessions.set("s", "user 7");
    fleet.clock.advance(minutes(10));
    await sessions.get("s");
    await fleet.settled();
    fleet.clock.advance(minutes(15));
    expect(await sessions.get("s")).toBeUndefined();
  });

  test("is renewed once in a tenth of itself, not by every hit", async () => {
    const sessions = fleet.process().namespace<string>("session", { ttlMs: 1_000, sliding: true });
    await sessions.set("s", "user 7");
    for (let read = 0; read < 100; read++) {
      fleet.clock.advance(10);
      await sessions.get("s");
      await fleet.settled();
    }
    expect(fleet.observer.count("renewed")).toBe(10);
    // Where it lies: what was removed meanwhile is not brought back.
    expect([fleet.shared.count("write"), fleet.shared.count("renew")]).toEqual([1, 10]);
  });

  test("is renewed and not loaded anew where there is a loader", async () => {
    const load = vi.fn(() => "user 7");
    const sessions = fleet.process().namespace("session", { load, ttlMs: 1_000, sliding: true });
    for (let read = 0; read < 10; read++) {
      expect(await sessions.get("s")).toBe("user 7");
      await fleet.settled();
      fleet.clock.advance(900);
    }
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("is not prolonged once another process has ended the session, however often it is used", async () => {
    const rules = { ttlMs: minutes(15), sliding: true };
    const here = fleet.process().namespace<string>("session", rules);
    await here.set("s", "user 7");
    await fleet.process().namespace<string>("session", rules).delete("s");
    for (let minute = 0; minute < 15; minute++) {
      await here.get("s");
      await fleet.settled();
      fleet.clock.advance(minutes(1));
    }
    expect(await here.get("s")).toBeUndefined();
    expect(await fleet.process().namespace<string>("session", rules).get("s")).toBeUndefined();
    expect(fleet.observer.count("renewed")).toBe(0);
  });

  test("ends by itself while no remote tier can confirm that the session is still there", async () => {
    const sessions = fleet.process().namespace<string>("session", { ttlMs: minutes(15), sliding: true });
    await sessions.set("s", "user 7");
    fleet.shared.fail();
    fleet.clock.advance(minutes(10));
    expect(await sessions.get("s")).toBe("user 7");
    await fleet.settled();
    fleet.clock.advance(minutes(5));
    expect(await sessions.get("s")).toBeUndefined();
  });

  test("that is being renewed is not brought back by that once it was deleted here", async () => {
    const sessions = fleet.process().namespace<string>("session", { ttlMs: minutes(15), sliding: true });
    await sessions.set("s", "user 7");
    fleet.clock.advance(minutes(5));
    fleet.shared.hold("read");
    await sessions.get("s");
    await fleet.shared.whenHeld(1);
    await sessions.delete("s");
    fleet.shared.release();
    await fleet.settled();
    expect(sessions.peek("s")).toBeUndefined();
    expect(await sessions.get("s")).toBeUndefined();
  });

  test("is renewed once by all hits of a moment", async () => {
    const sessions = fleet.process().namespace<string>("session", { ttlMs: minutes(15), sliding: true });
    await sessions.set("s", "user 7");
    fleet.clock.advance(minutes(5));
    await Promise.all(Array.from({ length: 50 }, () => sessions.get("s")));
    await fleet.settled();
    expect(fleet.shared.reads).toEqual([["session:s"]]);
    expect(fleet.observer.count("renewed")).toBe(1);
  });

  test("is prolonged at once where there is only the local tier", async () => {
    const alone = createCache({ tiers: [lru()], clock: fleet.clock });
    const sessions = alone.namespace<string>("session", { ttlMs: minutes(15), sliding: true });
    await sessions.set("s", "user 7");
    for (let read = 0; read < 5; read++) {
      fleet.clock.advance(minutes(14));
      expect(await sessions.get("s")).toBe("user 7");
    }
  });

  test("is not to be had together with refresh ahead", () => {
    const cache = createCache({ tiers: [fleet.shared] });
    expect(() => cache.namespace("n", { load: () => 1, sliding: true, refreshAhead: 0.5 })).toThrow(
      'namespace "n".sliding excludes refreshAhead',
    );
  });
});

describe("a life that the value decides", () => {
  test("is that of each value", async () => {
    const load = vi.fn((id: string) => ({ id, ttlMs: id === "short" ? 10 : 100 }));
    const things = fleet.process().namespace("thing", { load, ttlMs: ({ ttlMs }) => ttlMs });
    await things.getMany(["short", "long"]);
    fleet.clock.advance(10);
    expect(things.peek("short")).toBeUndefined();
    expect(things.peek("long")).toBeDefined();
  });

  test("of nothing hands the value out and keeps it nowhere", async () => {
    const load = vi.fn(() => 1);
    const numbers = fleet.process().namespace("n", { load, ttlMs: () => 0 });
    expect(await numbers.get("a")).toBe(1);
    expect(await numbers.get("a")).toBe(1);
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(2);
    expect(fleet.shared.count("write")).toBe(0);
    expect(fleet.observer.count("not-kept")).toBe(2);
  });

  test("of nothing leaves no older value behind a set", async () => {
    const numbers = fleet.process().namespace<number>("n", { ttlMs: (value) => (value > 1 ? 0 : 100) });
    await numbers.set("a", 1);
    await numbers.set("a", 2);
    expect(await numbers.get("a")).toBeUndefined();
  });

  test("of an absent value may be another", async () => {
    const load = vi.fn((): string | undefined => undefined);
    const texts = fleet.process().namespace("text", { load, ttlMs: 1_000, negativeTtlMs: 10 });
    await texts.get("a");
    fleet.clock.advance(9);
    await texts.get("a");
    expect(load).toHaveBeenCalledTimes(1);
    fleet.clock.advance(1);
    await texts.get("a");
    expect(load).toHaveBeenCalledTimes(2);
  });
});
