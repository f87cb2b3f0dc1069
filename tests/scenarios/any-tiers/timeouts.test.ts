import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withRemote = inWorlds("remote");

/** A loader whose first load ends at once with 1, and whose others end when told. */
function slowSecond() {
  const signals: AbortSignal[] = [];
  const later: PromiseWithResolvers<number>[] = [];
  const load = vi.fn((_id: string, { signal }: { readonly signal: AbortSignal }): number | Promise<number> => {
    signals.push(signal);
    if (signals.length === 1) return 1;
    const next = Promise.withResolvers<number>();
    later.push(next);
    return next.promise;
  });
  return { load, signals, later };
}

describe("the soft timeout", () => {
  const rules = { ttlMs: 100, staleIfErrorMs: 1_000, softTimeoutMs: 20 };

  inEveryWorld("gives a reader the stale value while the load goes on and fills the tiers", async (world) => {
    const { load, later } = slowSecond();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(200);
    const reading = numbers.get("a");
    await world.settled();
    world.clock.advance(20);
    expect(await reading).toBe(1);
    expect(world.observer.of("stale")).toEqual([{ type: "stale", namespace: "n", ageMs: 120, why: "soft-timeout" }]);
    later[0]?.resolve(2);
    await world.settled();
    await world.everyTierHolds(numbers, "a", 2);
  });

  withRemote("so that another process finds what that load has brought", async (world) => {
    const { load, later } = slowSecond();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(200);
    const reading = numbers.get("a");
    await world.settled();
    world.clock.advance(20);
    await reading;
    later[0]?.resolve(2);
    await world.settled();
    expect(await world.process().namespace<number>("n").get("a")).toBe(2);
  });

  inEveryWorld("lets a reader wait who has no stale value", async (world) => {
    const { load, later } = slowSecond();
    const numbers = world.process().namespace("n", { load, ...rules });
    await numbers.get("other");
    const reading = numbers.get("a");
    await world.settled();
    world.clock.advance(500);
    await world.settled();
    later[0]?.resolve(2);
    expect(await reading).toBe(2);
  });

  inEveryWorld("leaves no timer behind", async (world) => {
    const numbers = world.process().namespace("n", { load: () => 1, ...rules, hardTimeoutMs: 50 });
    await numbers.get("a");
    await world.settled();
    expect(world.clock.pending).toBe(0);
  });
});

describe("the hard timeout", () => {
  inEveryWorld("ends the wait with an error of ours and fires the loader's signal", async (world) => {
    const { load, signals } = slowSecond();
    const numbers = world.process().namespace("n", { load, hardTimeoutMs: 50 });
    await numbers.get("other");
    const outcome = Promise.allSettled([numbers.get("a"), numbers.get("a")]);
    await world.settled();
    world.clock.advance(49);
    expect(signals[1]?.aborted).toBe(false);
    world.clock.advance(1);
    const timedOut = { status: "rejected", reason: expect.objectContaining({ code: "LOAD_TIMEOUT" }) };
    expect(await outcome).toEqual([timedOut, timedOut]);
    expect(signals[1]?.aborted).toBe(true);
    expect(world.observer.count("load-timed-out")).toBe(1);
  });

  inEveryWorld("serves the stale value where the rules allow it", async (world) => {
    const { load } = slowSecond();
    const numbers = world.process().namespace("n", { load, ttlMs: 100, staleIfErrorMs: 1_000, hardTimeoutMs: 50 });
    await numbers.get("a");
    await world.settled();
    world.clock.advance(200);
    const reading = numbers.get("a");
    await world.settled();
    world.clock.advance(50);
    expect(await reading).toBe(1);
  });

  inEveryWorld("does not keep a load that ends late from filling the tiers", async (world) => {
    const { load, later } = slowSecond();
    const numbers = world.process().namespace("n", { load, hardTimeoutMs: 50 });
    await numbers.get("other");
    const reading = numbers.get("a").catch((error: unknown) => error);
    await world.settled();
    world.clock.advance(50);
    await reading;
    later[0]?.resolve(2);
    await world.settled();
    await world.everyTierHolds(numbers, "a", 2);
  });

  inEveryWorld("makes the late failure of a load an event and no unhandled rejection", async (world) => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const { load, later } = slowSecond();
    const numbers = world.process().namespace("n", { load, hardTimeoutMs: 50 });
    await numbers.get("other");
    const reading = numbers.get("a").catch((error: unknown) => error);
    await world.settled();
    world.clock.advance(50);
    await reading;
    later[0]?.reject(new Error("too late anyway"));
    await world.settled();
    await world.settled();
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(world.observer.count("load-failed")).toBe(1);
  });

  inEveryWorld("a late load does not replace what a later load has brought", async (world) => {
    const { load, later } = slowSecond();
    const numbers = world.process().namespace("n", { load, hardTimeoutMs: 50 });
    await numbers.get("other");
    const first = numbers.get("a").catch((error: unknown) => error);
    await world.settled();
    world.clock.advance(50);
    await first;
    const second = numbers.get("a");
    await world.settled();
    later[1]?.resolve(3);
    expect(await second).toBe(3);
    later[0]?.resolve(2);
    await world.settled();
    await world.everyTierHolds(numbers, "a", 3);
  });

  inEveryWorld("covers a batch as a whole", async (world) => {
    const never = new Promise<number[]>(() => {});
    const numbers = world.process().namespace("n", { loadMany: () => never, hardTimeoutMs: 50 });
    const reading = numbers.getMany(["a", "b"]).catch((error: unknown) => error);
    await world.settled();
    world.clock.advance(50);
    expect(await reading).toMatchObject({ code: "LOAD_TIMEOUT" });
  });
});

describe.each(["delete", "invalidate"] as const)("%s", (operation) => {
  inEveryWorld("is not undone by a load that ends after the hard timeout", async (world) => {
    const { load, later } = slowSecond();
    const numbers = world.process().namespace("n", { load, hardTimeoutMs: 50 });
    await numbers.get("other");
    const reading = numbers.get("a").catch((error: unknown) => error);
    await world.settled();
    world.clock.advance(50);
    await reading;
    await numbers[operation]("a");
    later[0]?.resolve(2);
    await world.settled();
    await world.everyTierHolds(numbers, "a", undefined);
    expect(world.observer.count("superseded")).toBe(1);
  });
});
