import { json } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe("many writes", () => {
  test("keep every value in every tier", async () => {
    const texts = fleet.process().namespace<string>("text");
    const values = [
      ["a", "A"],
      ["b", "B"],
    ] as const;
    expect(await texts.setMany(values)).toEqual({ status: "done" });
    expect(texts.peek("b")).toBe("B");
    expect(await fleet.process().namespace<string>("text").getMany(["b", "a", "c"])).toEqual(["B", "A", undefined]);
  });

  test("keep the later value of a key that stands there twice", async () => {
    const texts = fleet.process().namespace<string>("text");
    await texts.setMany([
      ["a", "first"],
      ["a", "second"],
    ]);
    expect(await texts.get("a")).toBe("second");
    expect(await fleet.process().namespace<string>("text").get("a")).toBe("second");
  });

  test("keep nothing at all when one of them is refused", async () => {
    const values = fleet.process({ serializer: json }).namespace<unknown>("value");
    const refused = values.setMany([
      ["a", "fine"],
      ["b", 1n],
    ]);
    await expect(refused).rejects.toMatchObject({ code: "INVALID_VALUE" });
    expect(values.peek("a")).toBeUndefined();
    expect(fleet.shared.writes).toEqual([]);
  });

  test("say so when a remote tier has not followed all of them", async () => {
    fleet.shared.fail();
    const texts = fleet.process().namespace<string>("text");
    expect(await texts.setMany([["a", "A"]])).toEqual({ status: "queued" });
    expect(await texts.setMany([])).toEqual({ status: "done" });
  });
});

describe.each(["deleteMany", "invalidateMany"] as const)("%s", (operation) => {
  test("reaches the remote tier as one call, and every running load", async () => {
    const loads = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const load = vi.fn((id: string) => loads[id === "a" ? 0 : 1]?.promise ?? "never");
    const texts = fleet.process().namespace("text", { load });
    const reading = texts.getMany(["a", "b"]);
    await fleet.settled();
    expect(await texts[operation](["a", "b"])).toEqual({ status: "done" });
    expect(fleet.shared.removals).toEqual([["text:a", "text:b"]]);
    for (const each of loads) each.resolve("old");
    expect(await reading).toEqual(["old", "old"]);
    expect(texts.peek("a")).toBeUndefined();
    expect(texts.peek("b")).toBeUndefined();
  });

  test("of nothing does nothing", async () => {
    const texts = fleet.process().namespace<string>("text");
    expect(await texts[operation]([])).toEqual({ status: "done" });
    expect(fleet.shared.removals).toEqual([]);
  });

  test("of a bad key among good ones does nothing", async () => {
    const numbers = fleet.process().namespace<number, [id: number]>("n", { key: (id) => [id] });
    await numbers.set(1, 1);
    await expect(numbers[operation]([1, Number.NaN])).rejects.toMatchObject({ code: "INVALID_KEY" });
    expect(numbers.peek(1)).toBe(1);
  });
});

describe("draining", () => {
  test("waits for a refresh behind, its load and its writes", async () => {
    const cache = fleet.process();
    const load = vi.fn(async () => fleet.clock.now());
    const times = cache.namespace("time", { load, ttlMs: 100, staleWhileRevalidateMs: 100 });
    await times.get("t");
    fleet.clock.advance(150);
    await times.get("t");
    await cache.drain();
    expect(times.peek("t")).toBe(150);
    expect(fleet.shared.count("write")).toBe(2);
    expect(await fleet.process().namespace<number>("time").get("t")).toBe(150);
  });

  test("waits for a write that is on its way, and not for nothing", async () => {
    const cache = fleet.process();
    await cache.drain();
    fleet.shared.hold("write");
    await cache.namespace("text", { load: (id) => id }).get("a");
    let drained = false;
    const draining = cache.drain().then(() => {
      drained = true;
    });
    await fleet.settled();
    expect(drained).toBe(false);
    fleet.shared.release();
    await draining;
  });

  test("waits for a removal that nobody else waits for", async () => {
    const cache = fleet.process();
    const load = vi.fn(() => fleet.clock.now());
    const ttlMs = (at: number): number => (at === 0 ? 100 : 0);
    const times = cache.namespace("time", { load, ttlMs, staleWhileRevalidateMs: 1_000 });
    await times.get("t");
    await cache.drain();
    fleet.clock.advance(150);
    fleet.shared.hold("remove");
    await times.get("t");
    const [removal] = await fleet.shared.whenHeld(1);
    let drained = false;
    const draining = cache.drain().then(() => {
      drained = true;
    });
    await fleet.settled();
    expect(drained).toBe(false);
    removal?.release();
    await draining;
  });

  test("never rejects, whatever fails meanwhile", async () => {
    const cache = fleet.process();
    const reading = cache.namespace("text", { load: () => Promise.reject(new Error("away")) }).get("a");
    reading.catch(() => {});
    await cache.drain();
    await expect(reading).rejects.toThrow("away");
  });
});
