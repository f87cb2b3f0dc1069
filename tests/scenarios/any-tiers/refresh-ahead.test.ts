import { afterEach, describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withRemote = inWorlds("remote");
const withLocal = inWorlds("local");

afterEach(() => {
  vi.restoreAllMocks();
});

describe("refresh ahead", () => {
  inEveryWorld("loads anew behind a hit near the end of a value's life, so that nobody waits", async (world) => {
    const load = vi.fn(() => world.clock.now());
    const times = world.process().namespace("time", { load, ttlMs: 100, refreshAhead: 0.8 });
    await times.get("t");
    await world.settled();
    world.clock.advance(79);
    expect(await times.get("t")).toBe(0);
    await world.settled();
    expect(load).toHaveBeenCalledTimes(1);
    world.clock.advance(1);
    expect(await times.get("t")).toBe(0);
    await world.settled();
    expect(await times.get("t")).toBe(80);
    await world.everyTierHolds(times, "t", 80);
    expect(load).toHaveBeenCalledTimes(2);
  });

  withRemote("begins behind the first read of a process that has never held the value", async (world) => {
    const load = vi.fn(() => world.clock.now());
    const timesOf = () => world.process().namespace("time", { load, ttlMs: 100, refreshAhead: 0.8 });
    await timesOf().get("t");
    await world.settled();
    world.clock.advance(90);
    const times = timesOf();
    expect(await Promise.all([times.get("t"), times.get("t"), times.getMany(["t"])])).toEqual([0, 0, [0]]);
    await world.settled();
    expect(load).toHaveBeenCalledTimes(2);
    await world.everyTierHolds(times, "t", 90);
  });

  withRemote("of several keys of a batch is one load", async (world) => {
    const loadMany = vi.fn((keys: readonly (readonly [id: string])[]) => keys.map(() => world.clock.now()));
    const timesOf = () => world.process().namespace<number>("time", { loadMany, ttlMs: 100, refreshAhead: 0.8 });
    await timesOf().getMany(["a", "b"]);
    await world.settled();
    world.clock.advance(90);
    expect(await timesOf().getMany(["a", "c", "b"])).toEqual([0, 90, 0]);
    await world.settled();
    expect(loadMany.mock.calls.map(([keys]) => keys.flat())).toEqual([["a", "b"], ["c"], ["a", "b"]]);
  });

  withRemote("is none of a read that passes tiers by, nor of one that loads nothing", async (world) => {
    const load = vi.fn(() => world.clock.now());
    const timesOf = () => world.process().namespace("time", { load, ttlMs: 100, refreshAhead: 0.8 });
    await timesOf().get("t");
    await world.settled();
    world.clock.advance(90);
    await timesOf().read("t", { skipWriting: world.tierNames.slice(0, 1) });
    await timesOf().read("t", { from: "cached" });
    await world.settled();
    expect(load).toHaveBeenCalledTimes(1);
  });

  withRemote("that is probabilistic loads, however the draw falls for the same value a second time", async (world) => {
    const load = vi.fn(() => {
      world.clock.advance(10);
      return world.clock.now();
    });
    const timesOf = () => world.process().namespace("time", { load, ttlMs: 100, refreshAhead: "probabilistic" });
    const draw = vi.spyOn(Math, "random").mockReturnValue(0);
    await timesOf().get("t");
    await world.settled();
    world.clock.advance(85);
    // Fresh until 110; by the first draw due at 90, by all later ones never.
    draw.mockReturnValueOnce(1 - Math.exp(-2));
    expect(await timesOf().get("t")).toBe(10);
    await world.settled();
    expect(load).toHaveBeenCalledTimes(2);
  });

  inWorlds("local", "remote")(
    "that fails behind a first read waits before it tries again, also where the local tier caps lives",
    async (world) => {
      const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(new Error("away"));
      const rules = { load, ttlMs: 100, refreshAhead: 0.5, retryLoadAfterMs: 20, local: { ttlMs: 30 } };
      await world.process().namespace("n", rules).get("a");
      await world.settled();
      world.clock.advance(60);
      const numbers = world.process().namespace("n", rules);
      for (let read = 0; read < 3; read++) {
        expect(await numbers.get("a")).toBe(1);
        await world.settled();
      }
      expect(load).toHaveBeenCalledTimes(2);
    },
  );

  withLocal("that fails leaves the value as it is and waits before it tries again", async (world) => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(new Error("away"));
    const numbers = world.process().namespace("n", { load, ttlMs: 100, refreshAhead: 0.5, retryLoadAfterMs: 20 });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(60);
    for (let read = 0; read < 3; read++) {
      expect(await numbers.get("a")).toBe(1);
      await world.settled();
    }
    expect(load).toHaveBeenCalledTimes(2);
    world.clock.advance(20);
    expect(await numbers.get("a")).toBe(1);
    await world.settled();
    expect(load).toHaveBeenCalledTimes(3);
  });

  inEveryWorld("that is still going on when the value has ended is waited for", async (world) => {
    const slow = Promise.withResolvers<number>();
    const load = vi.fn<() => number | Promise<number>>().mockReturnValueOnce(1).mockReturnValueOnce(slow.promise);
    const numbers = world.process().namespace("n", { load, ttlMs: 100, refreshAhead: 0.5 });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(60);
    expect(await numbers.get("a")).toBe(1);
    await world.settled();
    world.clock.advance(40);
    const late = numbers.read("a");
    await world.settled();
    slow.resolve(2);
    expect(await late).toMatchObject({ value: 2, stale: undefined });
    expect(load).toHaveBeenCalledTimes(2);
  });

  inEveryWorld("that is probabilistic comes the earlier the longer the value took to load", async (world) => {
    // XFetch: the load time times ln(1 - random) before the end.
    vi.spyOn(Math, "random").mockReturnValue(1 - Math.exp(-2));
    const load = vi.fn((id: string) => {
      world.clock.advance(id === "slow" ? 10 : 1);
      return id;
    });
    const texts = world.process().namespace("text", { load, ttlMs: 100, refreshAhead: "probabilistic" });
    await texts.get("slow");
    await texts.get("quick");
    await world.settled();
    const loadsBehind = async (now: number): Promise<string[]> => {
      world.clock.advance(now - world.clock.now());
      load.mockClear();
      for (const id of ["slow", "quick"]) await texts.get(id);
      await world.settled();
      return load.mock.calls.map(([id]) => id);
    };
    // One is fresh until 110 and took 10, the other is fresh until 111 and took 1.
    expect(await loadsBehind(89)).toEqual([]);
    expect(await loadsBehind(91)).toEqual(["slow"]);
    expect(await loadsBehind(108)).toEqual([]);
    expect(await loadsBehind(110)).toEqual(["quick"]);
  });

  inEveryWorld("that is not asked for never comes", async (world) => {
    const load = vi.fn(() => world.clock.now());
    const times = world.process().namespace("time", { load, ttlMs: 100 });
    await times.get("t");
    await world.settled();
    world.clock.advance(99);
    expect(await times.get("t")).toBe(0);
    await world.settled();
    expect(load).toHaveBeenCalledTimes(1);
  });
});
