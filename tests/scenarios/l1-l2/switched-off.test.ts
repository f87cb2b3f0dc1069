import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe("a cache that is switched off", () => {
  test("loads on every read and asks no tier", async () => {
    const load = vi.fn((id: string) => id);
    const texts = fleet.process({ enabled: false }).namespace("text", { load });
    await texts.get("a");
    await texts.get("a");
    expect(await texts.getMany(["a", "b"])).toEqual(["a", "b"]);
    expect(load).toHaveBeenCalledTimes(4);
    expect(fleet.shared.count()).toBe(0);
  });

  test("still calls the loader once for all who ask at the same time", async () => {
    const load = vi.fn(async (id: string) => id);
    const texts = fleet.process({ enabled: false }).namespace("text", { load });
    await Promise.all([texts.get("a"), texts.get("a"), texts.getMany(["a"])]);
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("takes writes and forgets them", async () => {
    const texts = fleet.process({ enabled: false }).namespace<string>("text");
    expect(await texts.set("a", "v")).toEqual({ status: "done" });
    expect(await texts.get("a")).toBeUndefined();
    expect(await texts.delete("a")).toEqual({ status: "done" });
  });

  test("closes the connections of its tiers all the same", async () => {
    await fleet.process({ enabled: false }).close();
    expect(fleet.shared.count("close")).toBe(1);
  });
});

describe("a loader", () => {
  test("may decide how long what it loads is kept", async () => {
    const texts = fleet.process().namespace("text", {
      load: (id, { keepFor }) => {
        keepFor(50);
        return id;
      },
      ttlMs: 1_000,
    });
    await texts.get("a");
    await fleet.settled();
    fleet.clock.advance(49);
    expect(texts.peek("a")).toBeDefined();
    fleet.clock.advance(1);
    expect(texts.peek("a")).toBeUndefined();
    expect(await fleet.process().namespace<string>("text").get("a")).toBeUndefined();
  });

  test("may ask that what it loads is not kept at all", async () => {
    const texts = fleet.process().namespace("text", {
      load: (id, context) => {
        context.keepFor(0);
        return id;
      },
    });
    expect(await texts.get("a")).toBe("a");
    expect(texts.peek("a")).toBeUndefined();
    expect(fleet.shared.writes).toEqual([]);
  });

  test("may decide so for its answer that there is none", async () => {
    const texts = fleet.process().namespace("text", {
      load: (_id, context): string | undefined => {
        context.keepFor(500);
        return undefined;
      },
      negativeTtlMs: 10,
    });
    await texts.get("a");
    fleet.clock.advance(499);
    expect(await texts.read("a")).toMatchObject({ source: "lru", ageMs: 499 });
  });

  test("that decides for nonsense fails with an error that says what is allowed", async () => {
    const texts = fleet.process().namespace("text", {
      load: (id, context) => {
        context.keepFor(Number.NaN);
        return id;
      },
    });
    await expect(texts.get("a")).rejects.toThrow("keepFor is NaN; allowed is a number of milliseconds of at least 0.");
  });
});
