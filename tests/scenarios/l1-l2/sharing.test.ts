import { createCache, minutes } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

describe("a value loaded by one process", () => {
  test("is read by another without a load", async () => {
    const load = vi.fn((id: string) => ({ id }));
    await fleet.process().namespace("user", { load }).get("1");
    await fleet.settled();
    expect(await fleet.process().namespace("user", { load }).get("1")).toEqual({ id: "1" });
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("lives no longer in another process than where it was loaded", async () => {
    const load = vi.fn(() => fleet.clock.now());
    await fleet.process().namespace("time", { load }).get("t");
    await fleet.settled();
    fleet.clock.advance(minutes(1) - 10);
    const times = fleet.process().namespace("time", { load });
    await times.get("t");
    fleet.clock.advance(9);
    await times.get("t");
    expect(load).toHaveBeenCalledTimes(1);
    fleet.clock.advance(1);
    await times.get("t");
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("is not shared between applications of different prefixes", async () => {
    const load = vi.fn((id: string) => id);
    await fleet.process({ prefix: "one" }).namespace("user", { load }).get("1");
    await fleet.settled();
    await fleet.process({ prefix: "two" }).namespace("user", { load }).get("1");
    expect(load).toHaveBeenCalledTimes(2);
  });
});

describe("reads of one tick", () => {
  test("reach the remote tier as one, whichever namespaces they are of", async () => {
    const cache = fleet.process();
    const users = cache.namespace("user", { load: (id) => id });
    const jobs = cache.namespace("job", { load: (id) => id });
    await Promise.all([users.get("1"), jobs.get("1"), users.get("2"), users.get("1")]);
    expect(fleet.shared.reads).toEqual([["user:1", "job:1", "user:2"]]);
  });

  test("of a batch ask the remote tier once and load once", async () => {
    const loadMany = vi.fn((keys: readonly (readonly [id: number])[]) => keys.map(([id]) => id));
    const declaration = { key: (id: number): [number] => [id], loadMany };
    await fleet.process().namespace("n", declaration).getMany([1, 2]);
    await fleet.settled();
    fleet.shared.clearCalls();
    expect(await fleet.process().namespace("n", declaration).getMany([3, 2, 1, 4, 3])).toEqual([3, 2, 1, 4, 3]);
    expect(fleet.shared.reads).toEqual([["n:3", "n:2", "n:1", "n:4"]]);
    expect(loadMany).toHaveBeenCalledTimes(2);
    expect(loadMany.mock.calls[1]?.[0]).toEqual([[3], [4]]);
  });
});

describe("a cache without a local tier", () => {
  test("reads the remote tier every time and shares what is under way", async () => {
    const load = vi.fn((id: string) => id);
    const users = createCache({ tiers: [fleet.shared], clock: fleet.clock, observer: fleet.observer }).namespace(
      "user",
      { load },
    );
    await Promise.all([users.get("1"), users.get("1")]);
    await fleet.settled();
    await users.get("1");
    expect(load).toHaveBeenCalledTimes(1);
    expect(users.peek("1")).toBeUndefined();
    expect(fleet.shared.reads).toHaveLength(2);
  });
});
