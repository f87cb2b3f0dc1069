import { seconds } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe("a reading", () => {
  test("says which tier had the value, how old it is and whether it is fresh", async () => {
    const load = vi.fn((id: string) => id);
    const rules = { load, ttlMs: 100, staleIfErrorMs: 500 };
    const here = fleet.process().namespace("text", rules);
    const there = fleet.process().namespace("text", rules);
    expect(await here.read("a")).toEqual({ value: "a", source: "loader", ageMs: 0, stale: undefined });
    await fleet.settled();
    fleet.clock.advance(30);
    expect(await here.read("a")).toEqual({ value: "a", source: "lru", ageMs: 30, stale: undefined });
    expect(await there.read("a")).toEqual({ value: "a", source: "memory", ageMs: 30, stale: undefined });
    load.mockImplementation(() => {
      throw new Error("away");
    });
    fleet.clock.advance(100);
    expect(await here.read("a")).toEqual({ value: "a", source: "lru", ageMs: 130, stale: "load-failed" });
    expect(await here.read("a")).toEqual({ value: "a", source: "lru", ageMs: 130, stale: "held" });
  });

  test("of a value that is being refreshed says so", async () => {
    const rules = { load: () => fleet.clock.now(), ttlMs: 100, staleWhileRevalidateMs: 100 };
    const times = fleet.process().namespace("time", rules);
    await times.get("t");
    fleet.clock.advance(150);
    expect(await times.read("t")).toEqual({ value: 0, source: "lru", ageMs: 150, stale: "revalidating" });
  });

  test("given by the soft timeout says so, though the load brings another value", async () => {
    const slow = Promise.withResolvers<number>();
    const load = vi.fn<() => number | Promise<number>>().mockReturnValueOnce(1).mockReturnValueOnce(slow.promise);
    const numbers = fleet.process().namespace("n", { load, ttlMs: 100, staleIfErrorMs: 500, softTimeoutMs: 20 });
    await numbers.get("a");
    fleet.clock.advance(200);
    const reading = numbers.read("a");
    await fleet.settled();
    fleet.clock.advance(20);
    expect(await reading).toEqual({ value: 1, source: "lru", ageMs: 220, stale: "soft-timeout" });
    slow.resolve(2);
  });

  test("of nothing has no source", async () => {
    const texts = fleet.process().namespace<string>("text");
    expect(await texts.read("a")).toEqual({ value: undefined, source: undefined, ageMs: undefined, stale: undefined });
  });
});

describe("a read from the loader", () => {
  test("loads now, whatever the tiers hold, and replaces it there", async () => {
    const load = vi.fn(() => fleet.clock.now());
    const times = fleet.process().namespace("time", { load });
    await times.get("t");
    fleet.clock.advance(10);
    expect(await times.read("t", { from: "load" })).toMatchObject({ value: 10, source: "loader" });
    expect(await times.get("t")).toBe(10);
    await fleet.settled();
    expect(await fleet.process().namespace<number>("time").get("t")).toBe(10);
    expect(fleet.shared.count("read")).toBe(2);
  });

  test("does not join a load that began before it, and is not undone by that one", async () => {
    const loads = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    let begun = 0;
    const texts = fleet.process().namespace("text", { load: () => loads[begun++]?.promise ?? "never" });
    const early = texts.get("a");
    await fleet.settled();
    const forced = texts.read("a", { from: "load" });
    await fleet.settled();
    loads[1]?.resolve("new");
    expect(await forced).toMatchObject({ value: "new" });
    loads[0]?.resolve("old");
    expect(await early).toBe("old");
    expect(texts.peek("a")).toBe("new");
  });

  test("that fails is the caller's failure, and leaves what was cached", async () => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValueOnce(new Error("away"));
    const numbers = fleet.process().namespace("n", { load, staleIfErrorMs: seconds(10) });
    await numbers.get("a");
    await expect(numbers.read("a", { from: "load" })).rejects.toThrow("away");
    expect(await numbers.get("a")).toBe(1);
  });
});

describe("a read of what is cached", () => {
  test("never loads", async () => {
    const load = vi.fn((id: string) => id);
    const texts = fleet.process().namespace("text", { load });
    expect(await texts.read("a", { from: "cached" })).toMatchObject({ value: undefined, source: undefined });
    expect(load).not.toHaveBeenCalled();
    await fleet.process().namespace("text", { load }).get("a");
    await fleet.settled();
    expect(await texts.read("a", { from: "cached" })).toMatchObject({ value: "a", source: "memory" });
  });
});

describe("a caller who leaves", () => {
  /** A loader that ends when told, and whose signals can be looked at. */
  function slow() {
    const signals: AbortSignal[] = [];
    const answer = Promise.withResolvers<string>();
    const load = vi.fn((_id: string, { signal }: { readonly signal: AbortSignal }) => {
      signals.push(signal);
      return answer.promise;
    });
    return { load, signals, answer };
  }

  test("gets the reason as it is, and the others get the value", async () => {
    const { load, signals, answer } = slow();
    const texts = fleet.process().namespace("text", { load });
    const leaving = new AbortController();
    const left = texts.read("a", { signal: leaving.signal });
    const staying = texts.get("a");
    await fleet.settled();
    const reason = new Error("the visitor has gone");
    leaving.abort(reason);
    await expect(left).rejects.toBe(reason);
    expect(signals[0]?.aborted).toBe(false);
    answer.resolve("value");
    expect(await staying).toBe("value");
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("tells the loader when he was the last, and whoever comes next starts anew", async () => {
    const { load, signals } = slow();
    const texts = fleet.process().namespace("text", { load });
    const visitors = [new AbortController(), new AbortController()];
    const reads = Promise.allSettled(visitors.map(({ signal }) => texts.read("a", { signal })));
    await fleet.settled();
    visitors[0]?.abort();
    expect(signals[0]?.aborted).toBe(false);
    visitors[1]?.abort();
    expect(signals[0]?.reason).toMatchObject({ code: "ABANDONED" });
    await reads;
    void texts.get("a").catch(() => {});
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("before it came to the load leaves no load to be made", async () => {
    const { load } = slow();
    const texts = fleet.process().namespace("text", { load });
    const leaving = new AbortController();
    fleet.shared.hold("read");
    const left = texts.read("a", { signal: leaving.signal });
    await fleet.settled();
    leaving.abort();
    await expect(left).rejects.toThrow();
    fleet.shared.release();
    await fleet.settled();
    expect(load).not.toHaveBeenCalled();
  });

  test("does not keep a load that ends all the same from filling, nor from being superseded", async () => {
    const { load, answer } = slow();
    const texts = fleet.process().namespace("text", { load });
    for (const [id, deletes] of [
      ["a", false],
      ["b", true],
    ] as const) {
      const leaving = new AbortController();
      const left = texts.read(id, { signal: leaving.signal }).catch(() => {});
      await fleet.settled();
      leaving.abort();
      await left;
      if (deletes) await texts.delete(id);
    }
    answer.resolve("value");
    await fleet.settled();
    expect(texts.peek("a")).toBe("value");
    expect(texts.peek("b")).toBeUndefined();
  });

  test("does not make others wait for the next try, as a load that failed would", async () => {
    const load = vi.fn((_id: string, { signal }: { readonly signal: AbortSignal }) => {
      if (load.mock.calls.length !== 2) return `load ${load.mock.calls.length}`;
      return new Promise<string>((_, reject) => {
        signal.addEventListener("abort", () => reject(new Error("told to stop")));
      });
    });
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000, retryLoadAfterMs: 500 };
    const texts = fleet.process().namespace("text", { load, ...rules });
    await texts.get("a");
    fleet.clock.advance(150);
    const leaving = new AbortController();
    const left = texts.read("a", { signal: leaving.signal }).catch(() => {});
    await fleet.settled();
    leaving.abort();
    await left;
    await fleet.settled();
    expect(await texts.get("a")).toBe("load 3");
  });

  test("has never come when his signal had fired before", async () => {
    const { load } = slow();
    const texts = fleet.process().namespace("text", { load });
    const reason = new Error("gone already");
    await expect(texts.read("a", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(load).not.toHaveBeenCalled();
  });

  test("leaves no listener on a signal that serves many reads", async () => {
    const texts = fleet.process().namespace("text", { load: (id) => id });
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, "addEventListener");
    const remove = vi.spyOn(signal, "removeEventListener");
    for (let read = 0; read < 20; read++) await texts.read(`id-${read}`, { signal });
    await fleet.settled();
    expect(add).toHaveBeenCalledTimes(20);
    expect(remove).toHaveBeenCalledTimes(20);
  });
});

test("a wrong wish is refused by name", async () => {
  const texts = fleet.process().namespace("text", { load: (id) => id });
  await expect(texts.read("a", { from: "disk" as "any" })).rejects.toThrow(
    'text.read.from is "disk"; allowed is "any", "load"',
  );
  await expect(texts.read("a", { fresh: true } as never)).rejects.toThrow("text.read.fresh is not an option");
});
