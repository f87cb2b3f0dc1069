import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

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

  test("gives a reader the stale value while the load goes on and fills the tiers", async () => {
    const { load, later } = slowSecond();
    const numbers = fleet.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    fleet.clock.advance(200);
    const reading = numbers.get("a");
    await fleet.settled();
    fleet.clock.advance(20);
    expect(await reading).toBe(1);
    expect(fleet.observer.of("stale")).toEqual([{ type: "stale", namespace: "n", ageMs: 120, why: "soft-timeout" }]);
    later[0]?.resolve(2);
    await fleet.settled();
    expect(numbers.peek("a")).toBe(2);
    expect(await fleet.process().namespace<number>("n").get("a")).toBe(2);
  });

  test("lets a reader wait who has no stale value", async () => {
    const { load, later } = slowSecond();
    const numbers = fleet.process().namespace("n", { load, ...rules });
    await numbers.get("other");
    const reading = numbers.get("a");
    await fleet.settled();
    fleet.clock.advance(500);
    await fleet.settled();
    later[0]?.resolve(2);
    expect(await reading).toBe(2);
  });

  test("leaves no timer behind", async () => {
    const numbers = fleet.process().namespace("n", { load: () => 1, ...rules, hardTimeoutMs: 50 });
    await numbers.get("a");
    await fleet.settled();
    expect(fleet.clock.pending).toBe(0);
  });
});

describe("the hard timeout", () => {
  test("ends the wait with an error of ours and fires the loader's signal", async () => {
    const { load, signals } = slowSecond();
    const numbers = fleet.process().namespace("n", { load, hardTimeoutMs: 50 });
    await numbers.get("other");
    const outcome = Promise.allSettled([numbers.get("a"), numbers.get("a")]);
    await fleet.settled();
    fleet.clock.advance(49);
    expect(signals[1]?.aborted).toBe(false);
    fleet.clock.advance(1);
    const timedOut = { status: "rejected", reason: expect.objectContaining({ code: "LOAD_TIMEOUT" }) };
    expect(await outcome).toEqual([timedOut, timedOut]);
    expect(signals[1]?.aborted).toBe(true);
    expect(fleet.observer.count("load-timed-out")).toBe(1);
  });

  test("serves the stale value where the rules allow it", async () => {
    const { load } = slowSecond();
    const numbers = fleet.process().namespace("n", { load, ttlMs: 100, staleIfErrorMs: 1_000, hardTimeoutMs: 50 });
    await numbers.get("a");
    fleet.clock.advance(200);
    const reading = numbers.get("a");
    await fleet.settled();
    fleet.clock.advance(50);
    expect(await reading).toBe(1);
  });

  test("does not keep a load that ends late from filling the tiers", async () => {
    const { load, later } = slowSecond();
    const numbers = fleet.process().namespace("n", { load, hardTimeoutMs: 50 });
    await numbers.get("other");
    const reading = numbers.get("a").catch((error: unknown) => error);
    await fleet.settled();
    fleet.clock.advance(50);
    await reading;
    later[0]?.resolve(2);
    await fleet.settled();
    expect(numbers.peek("a")).toBe(2);
  });

  test("makes the late failure of a load an event and no unhandled rejection", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    const { load, later } = slowSecond();
    const numbers = fleet.process().namespace("n", { load, hardTimeoutMs: 50 });
    await numbers.get("other");
    const reading = numbers.get("a").catch((error: unknown) => error);
    await fleet.settled();
    fleet.clock.advance(50);
    await reading;
    later[0]?.reject(new Error("too late anyway"));
    await fleet.settled();
    await fleet.settled();
    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(fleet.observer.count("load-failed")).toBe(1);
  });

  test.each(["delete", "invalidate"] as const)("a late load does not undo a %s", async (operation) => {
    const { load, later } = slowSecond();
    const numbers = fleet.process().namespace("n", { load, hardTimeoutMs: 50 });
    await numbers.get("other");
    const reading = numbers.get("a").catch((error: unknown) => error);
    await fleet.settled();
    fleet.clock.advance(50);
    await reading;
    await numbers[operation]("a");
    later[0]?.resolve(2);
    await fleet.settled();
    expect(numbers.peek("a")).toBeUndefined();
    expect(fleet.observer.count("superseded")).toBe(1);
  });

  test("a late load does not replace what a later load has brought", async () => {
    const { load, later } = slowSecond();
    const numbers = fleet.process().namespace("n", { load, hardTimeoutMs: 50 });
    await numbers.get("other");
    const first = numbers.get("a").catch((error: unknown) => error);
    await fleet.settled();
    fleet.clock.advance(50);
    await first;
    const second = numbers.get("a");
    await fleet.settled();
    later[1]?.resolve(3);
    expect(await second).toBe(3);
    later[0]?.resolve(2);
    await fleet.settled();
    expect(numbers.peek("a")).toBe(3);
  });

  test("covers a batch as a whole", async () => {
    const never = new Promise<number[]>(() => {});
    const numbers = fleet.process().namespace("n", { loadMany: () => never, hardTimeoutMs: 50 });
    const reading = numbers.getMany(["a", "b"]).catch((error: unknown) => error);
    await fleet.settled();
    fleet.clock.advance(50);
    expect(await reading).toMatchObject({ code: "LOAD_TIMEOUT" });
  });
});
