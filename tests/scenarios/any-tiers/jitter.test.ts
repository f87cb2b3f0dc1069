import { afterEach, describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();

describe("jitter", () => {
  const ids = Array.from({ length: 50 }, (_, id) => `${id}`);

  afterEach(() => {
    vi.restoreAllMocks();
  });

  inEveryWorld("shortens lives by no more than its part and prolongs none", async (world) => {
    vi.spyOn(Math, "random")
      .mockReturnValueOnce(0)
      .mockReturnValueOnce(0.5)
      .mockReturnValueOnce(1 - 2 ** -53);
    const load = vi.fn(() => 0);
    const times = world.process().namespace("time", { load, ttlMs: 1_000, ttlJitter: 0.2 });
    const ends: [id: string, lastFreshMs: number][] = [
      ["longest", 999],
      ["middle", 899],
      ["shortest", 799],
    ];
    for (const [id] of ends) await times.get(id);
    await world.settled();
    for (const [id, lastFreshMs] of ends.toReversed()) {
      world.clock.advance(lastFreshMs - world.clock.now());
      await world.everyTierHolds(times, id, 0);
      world.clock.advance(1);
      await world.everyTierHolds(times, id, undefined);
    }
    expect(load).toHaveBeenCalledTimes(3);
  });

  inEveryWorld("keeps values that were loaded together from growing old together", async (world) => {
    const load = vi.fn(() => world.clock.now());
    const times = world.process().namespace("time", { load, ttlMs: 1_000, ttlJitter: 0.5 });
    await times.getMany(ids);
    await world.settled();
    world.clock.advance(499);
    await times.getMany(ids);
    expect(load).toHaveBeenCalledTimes(ids.length);
    world.clock.advance(251);
    const values = await times.getMany(ids);
    expect(new Set(values)).toEqual(new Set([0, 750]));
  });
});
