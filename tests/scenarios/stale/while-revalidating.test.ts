import { minutes } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const rules = { ttlMs: 100, staleWhileRevalidateMs: 50 };

/** A loader that counts its values up, and ends each load when told. */
function counting() {
  const loads: PromiseWithResolvers<number>[] = [];
  const load = vi.fn(() => {
    const next = Promise.withResolvers<number>();
    loads.push(next);
    return next.promise;
  });
  /** Ends the load of a number, counted from 1, with that number. */
  const end = (number: number): void => loads[number - 1]?.resolve(number);
  return { load, end, fail: (number: number, error: Error) => loads[number - 1]?.reject(error) };
}

describe("a value past its time to live", () => {
  test("is served at once while one load refreshes it behind, however many ask", async () => {
    const { load, end } = counting();
    const numbers = fleet.process().namespace("n", { load, ...rules });
    const first = numbers.get("a");
    await fleet.settled();
    end(1);
    expect(await first).toBe(1);
    fleet.clock.advance(120);
    expect(await Promise.all([numbers.get("a"), numbers.get("a"), numbers.get("a")])).toEqual([1, 1, 1]);
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(2);
    expect(await numbers.get("a")).toBe(1);
    end(2);
    await fleet.settled();
    expect(await numbers.get("a")).toBe(2);
    expect(fleet.observer.of("stale").map(({ ageMs, why }) => [ageMs, why])).toEqual(
      Array.from({ length: 4 }, () => [20, "revalidating"]),
    );
  });

  test("is not served any longer after that, but waited for", async () => {
    const { load, end } = counting();
    const numbers = fleet.process().namespace("n", { load, ...rules });
    const first = numbers.get("a");
    await fleet.settled();
    end(1);
    await first;
    fleet.clock.advance(150);
    const second = numbers.get("a");
    await fleet.settled();
    end(2);
    expect(await second).toBe(2);
  });

  test("is served from the remote tier too, by a process that never held it", async () => {
    const { load, end } = counting();
    const first = fleet
      .process()
      .namespace("n", { load, ...rules })
      .get("a");
    await fleet.settled();
    end(1);
    await first;
    await fleet.settled();
    fleet.clock.advance(120);
    const numbers = fleet.process().namespace("n", { load, ...rules });
    expect(await numbers.get("a")).toBe(1);
    expect(await numbers.get("a")).toBe(1);
    expect(load).toHaveBeenCalledTimes(2);
    end(2);
    await fleet.settled();
    expect(await numbers.get("a")).toBe(2);
  });

  test("is refreshed by what another process has loaded meanwhile, without a load", async () => {
    const load = vi.fn(() => fleet.clock.now());
    const here = fleet.process().namespace("time", { load, ...rules });
    await here.get("t");
    await fleet.settled();
    fleet.clock.advance(110);
    const there = fleet.process().namespace("time", { load, ttlMs: 100 });
    expect(await there.get("t")).toBe(110);
    await fleet.settled();
    expect(await here.get("t")).toBe(0);
    await fleet.settled();
    expect(await here.get("t")).toBe(110);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("stays what it was when its refresh fails, and is tried again only after a while", async () => {
    const { load, end, fail } = counting();
    const numbers = fleet.process().namespace("n", { load, ...rules, staleIfErrorMs: 50, retryLoadAfterMs: 10 });
    const first = numbers.get("a");
    await fleet.settled();
    end(1);
    await first;
    fleet.clock.advance(105);
    expect(await numbers.get("a")).toBe(1);
    await fleet.settled();
    fail(2, new Error("origin is away"));
    await fleet.settled();
    fleet.clock.advance(9);
    expect(await numbers.get("a")).toBe(1);
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(2);
    fleet.clock.advance(1);
    expect(await numbers.get("a")).toBe(1);
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(3);
  });

  test("is not brought back by its refresh once the key was invalidated", async () => {
    const { load, end } = counting();
    const numbers = fleet.process().namespace("n", { load, ...rules });
    const first = numbers.get("a");
    await fleet.settled();
    end(1);
    await first;
    fleet.clock.advance(110);
    await numbers.get("a");
    await fleet.settled();
    await numbers.invalidate("a");
    end(2);
    await fleet.settled();
    expect(numbers.peek("a")).toBeUndefined();
    expect(fleet.observer.count("superseded")).toBe(1);
  });

  test("is answered and refreshed in a batch as in a single read, with one load for all", async () => {
    const loadMany = vi.fn((keys: readonly (readonly [string])[]) => keys.map(([id]) => `${id}${fleet.clock.now()}`));
    const texts = fleet.process().namespace("text", { loadMany, ...rules });
    await texts.getMany(["a", "b"]);
    fleet.clock.advance(110);
    expect(await texts.getMany(["a", "b", "c"])).toEqual(["a0", "b0", "c110"]);
    await fleet.settled();
    expect(loadMany).toHaveBeenCalledTimes(2);
    expect(await texts.getMany(["a", "b", "c"])).toEqual(["a110", "b110", "c110"]);
  });
});

describe("refresh ahead", () => {
  test("loads anew behind a hit near the end of a value's life, so that nobody waits", async () => {
    const load = vi.fn(() => fleet.clock.now());
    const times = fleet.process().namespace("time", { load, ttlMs: 100, refreshAhead: 0.8 });
    await times.get("t");
    fleet.clock.advance(79);
    expect(await times.get("t")).toBe(0);
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(1);
    fleet.clock.advance(1);
    expect(await times.get("t")).toBe(0);
    await fleet.settled();
    expect(await times.get("t")).toBe(80);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("that fails leaves the value as it is and waits before it tries again", async () => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(new Error("away"));
    const rulesOfThis = { ttlMs: 100, refreshAhead: 0.5, retryLoadAfterMs: 20 };
    const numbers = fleet.process().namespace("n", { load, ...rulesOfThis });
    await numbers.get("a");
    fleet.clock.advance(60);
    for (let read = 0; read < 3; read++) {
      expect(await numbers.get("a")).toBe(1);
      await fleet.settled();
    }
    expect(load).toHaveBeenCalledTimes(2);
    fleet.clock.advance(20);
    expect(await numbers.get("a")).toBe(1);
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(3);
  });
});

describe("a value that no namespace may serve stale", () => {
  test("is waited for by every reader after its time to live", async () => {
    const load = vi.fn(() => fleet.clock.now());
    const times = fleet.process({ ttlMs: minutes(1) }).namespace("time", { load });
    await times.get("t");
    fleet.clock.advance(minutes(1));
    expect(await times.get("t")).toBe(minutes(1));
    expect(fleet.observer.count("stale")).toBe(0);
  });
});
