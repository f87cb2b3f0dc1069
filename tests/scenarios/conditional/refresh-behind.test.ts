import type { LoaderContext } from "@tiercache/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { valuesIn } from "../values-in.ts";
import { Origin } from "./origin.ts";

let fleet: Fleet;
let origin: Origin;

beforeEach(() => {
  fleet = new Fleet();
  origin = new Origin();
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a refresh behind a reader's back that finds nothing changed", () => {
  test.each([
    ["that served a stale value", { ttlMs: 100, staleWhileRevalidateMs: 1_000 }, 120],
    ["ahead of the end of freshness", { ttlMs: 100, staleIfErrorMs: 1_000, refreshAhead: 0.5 }, 60],
  ])("%s prolongs the life, here and in the remote tier, and sends nothing again", async (_kind, rules, afterMs) => {
    const pages = fleet.process().namespace("page", { load: origin.load, ...rules });
    await pages.get("a");
    await fleet.settled();
    fleet.clock.advance(afterMs);
    fleet.shared.clearCalls();
    expect(await Promise.all([pages.get("a"), pages.get("a")])).toEqual(["a v1", "a v1"]);
    await fleet.settled();
    expect(origin.asked).toEqual([undefined, { value: "a v1", etag: '"1"', ageMs: afterMs }]);
    expect([valuesIn(fleet.shared).writes, valuesIn(fleet.shared).renewals]).toEqual([[], ["page:a"]]);
    fleet.clock.advance(99);
    expect(pages.peek("a")).toBe("a v1");
    const elsewhere = await fleet.process().namespace<string>("page").read("a");
    expect(elsewhere).toMatchObject({ value: "a v1", ageMs: 99, stale: undefined });
  });

  test("in a batch prolongs each of its keys", async () => {
    const rules = { loadMany: origin.loadMany, ttlMs: 100, staleWhileRevalidateMs: 1_000 };
    const pages = fleet.process().namespace("page", rules);
    await pages.getMany(["a", "b"]);
    await fleet.settled();
    fleet.clock.advance(120);
    fleet.shared.clearCalls();
    expect(await pages.getMany(["a", "b"])).toEqual(["a v1", "b v1"]);
    await fleet.settled();
    expect([valuesIn(fleet.shared).writes, valuesIn(fleet.shared).renewals]).toEqual([[], ["page:a", "page:b"]]);
    fleet.clock.advance(99);
    expect([pages.peek("a"), pages.peek("b")]).toEqual(["a v1", "b v1"]);
  });

  test("serves what it has until its loader has answered, and the new value where that says otherwise", async () => {
    const pages = fleet.process().namespace("page", { load: origin.load, ttlMs: 100, staleWhileRevalidateMs: 1_000 });
    await pages.get("a");
    fleet.clock.advance(120);
    origin.version = 2;
    expect(await pages.get("a")).toBe("a v1");
    await fleet.settled();
    expect(await pages.get("a")).toBe("a v2");
    expect(fleet.observer.count("unchanged")).toBe(0);
  });
});

describe("a refresh ahead that follows from how long a load takes", () => {
  /** Makes a value in 60 ms and finds it unchanged in 1. */
  function slowToMake() {
    return vi.fn((_id: string, { stale, unchanged }: LoaderContext): string => {
      fleet.clock.advance(stale === undefined ? 60 : 1);
      return stale === undefined ? "value" : unchanged();
    });
  }

  test("begins as early after an unchanged as before, since the next load may have to make the value", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1 - Math.exp(-1));
    const load = slowToMake();
    const rules = { load, ttlMs: 100, staleIfErrorMs: 1_000, refreshAhead: "probabilistic" } as const;
    const pages = fleet.process().namespace("page", rules);
    await pages.get("a");
    await fleet.settled();
    // With this draw the refresh is due one load's time before the end of freshness: at 40.
    for (const loads of [2, 3]) {
      fleet.clock.advance(38);
      await pages.get("a");
      await fleet.settled();
      expect(load).toHaveBeenCalledTimes(loads - 1);
      fleet.clock.advance(2);
      await pages.get("a");
      await fleet.settled();
      expect(load).toHaveBeenCalledTimes(loads);
    }
    // So it is for who finds the frame, which was only prolonged.
    fleet.clock.advance(38);
    const elsewhere = fleet.process().namespace("page", rules);
    await elsewhere.get("a");
    fleet.clock.advance(2);
    await elsewhere.get("a");
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(4);
  });
});
