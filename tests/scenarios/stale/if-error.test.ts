import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const rules = { ttlMs: 100, staleIfErrorMs: 1_000, retryLoadAfterMs: 30 };
const away = new Error("origin is away");

describe("when the loader fails", () => {
  test("the last value is served for as long as that is allowed, then the failure is the caller's", async () => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(away);
    const numbers = fleet.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    fleet.clock.advance(200);
    expect(await numbers.get("a")).toBe(1);
    fleet.clock.advance(899);
    expect(await numbers.get("a")).toBe(1);
    fleet.clock.advance(1);
    await expect(numbers.get("a")).rejects.toBe(away);
    expect(fleet.observer.of("stale")).toEqual([
      { type: "stale", namespace: "n", ageMs: 100, why: "load-failed" },
      { type: "stale", namespace: "n", ageMs: 999, why: "load-failed" },
    ]);
  });

  test("no further load is tried for a while, measured from the failure", async () => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(away);
    const numbers = fleet.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    fleet.clock.advance(500);
    await numbers.get("a");
    fleet.clock.advance(29);
    expect(await Promise.all([numbers.get("a"), numbers.getMany(["a", "a"])])).toEqual([1, [1, 1]]);
    expect(load).toHaveBeenCalledTimes(2);
    fleet.clock.advance(1);
    await numbers.get("a");
    expect(load).toHaveBeenCalledTimes(3);
  });

  test("a value comes back to life as soon as a load succeeds", async () => {
    const load = vi
      .fn<() => Promise<number>>()
      .mockResolvedValueOnce(1)
      .mockRejectedValueOnce(away)
      .mockResolvedValueOnce(2);
    const numbers = fleet.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    fleet.clock.advance(200);
    expect(await numbers.get("a")).toBe(1);
    fleet.clock.advance(30);
    expect(await numbers.get("a")).toBe(2);
    expect(await numbers.get("a")).toBe(2);
    expect(load).toHaveBeenCalledTimes(3);
  });

  test("the last value of another process is served from the remote tier", async () => {
    await fleet
      .process()
      .namespace("n", { load: () => 1, ...rules })
      .get("a");
    await fleet.settled();
    fleet.clock.advance(200);
    const load = vi.fn(() => Promise.reject<number>(away));
    const numbers = fleet.process().namespace<number>("n", { load, ...rules });
    expect(await numbers.get("a")).toBe(1);
    expect(await numbers.get("a")).toBe(1);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("nothing stale is served of a key that was deleted while the load ran", async () => {
    const answer = Promise.withResolvers<number>();
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockReturnValueOnce(answer.promise);
    const numbers = fleet.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    fleet.clock.advance(200);
    const reading = numbers.get("a");
    await fleet.settled();
    await numbers.delete("a");
    answer.reject(away);
    await expect(reading).rejects.toBe(away);
    expect(numbers.peek("a")).toBeUndefined();
  });

  test("each key of a batch is served its own stale value, and the failure is for those without one", async () => {
    const loadMany = vi
      .fn<(keys: readonly (readonly [string])[]) => Promise<string[]>>()
      .mockResolvedValueOnce(["a1", "b1"])
      .mockRejectedValue(away);
    const texts = fleet.process().namespace("text", { loadMany, ...rules });
    await texts.getMany(["a", "b"]);
    fleet.clock.advance(200);
    expect(await texts.getMany(["b", "a"])).toEqual(["b1", "a1"]);
    await expect(texts.getMany(["a", "c"])).rejects.toBe(away);
  });

  test("a stale value is never taken for a fresh one by peek", async () => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(away);
    const numbers = fleet.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    fleet.clock.advance(200);
    await numbers.get("a");
    expect(numbers.peek("a")).toBeUndefined();
  });
});
