import { type Cache, createCache } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { valuesIn } from "../values-in.ts";

let fleet: Fleet;
let cache: Cache;

beforeEach(() => {
  fleet = new Fleet();
  cache = fleet.process({ tiers: [fleet.shared] });
});

describe("a remote tier alone", () => {
  test("is read every time, and what is under way is shared", async () => {
    const load = vi.fn((id: string) => id);
    const users = cache.namespace("user", { load });
    await Promise.all([users.get("1"), users.get("1")]);
    await fleet.settled();
    await Promise.all([users.get("1"), users.get("1")]);
    expect(load).toHaveBeenCalledTimes(1);
    expect(valuesIn(fleet.shared).reads).toEqual([["user:1"], ["user:1"]]);
    expect(fleet.observer.count("joined")).toBe(2);
  });

  test("leaves nothing to peek at", async () => {
    const users = cache.namespace("user", { load: (id) => id });
    await users.get("1");
    await fleet.settled();
    await users.get("1");
    expect(users.peek("1")).toBeUndefined();
  });

  test("shows each process at once what another has written or forgotten", async () => {
    const here = cache.namespace<string>("user");
    const there = createCache({ tiers: [fleet.shared], clock: fleet.clock }).namespace<string>("user");
    await here.set("1", "v");
    expect(await there.get("1")).toBe("v");
    await there.set("1", "w");
    expect(await here.get("1")).toBe("w");
    await there.delete("1");
    expect(await here.get("1")).toBeUndefined();
  });

  test("does not remember that a load has failed: each reader has it tried again", async () => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(new Error("away"));
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000, retryLoadAfterMs: 500 };
    const numbers = cache.namespace("n", { load, ...rules });
    await numbers.get("a");
    await fleet.settled();
    fleet.clock.advance(200);
    for (let read = 0; read < 3; read++) expect(await numbers.get("a")).toBe(1);
    expect(load).toHaveBeenCalledTimes(4);
  });
});
