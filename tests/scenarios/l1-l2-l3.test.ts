import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { chaos, manualClock, memoryTier } from "@tiercache/testing";
import { describe, expect, test, vi } from "vitest";

describe("three tiers", () => {
  test("are asked nearest first, and the nearer ones get a copy with the life that is left", async () => {
    const clock = manualClock();
    const far = chaos(memoryTier({ clock, name: "far", epochMs: 5_000 }));
    const near = chaos(memoryTier({ clock, name: "near", epochMs: 9_000_000 }));
    const load = vi.fn(() => clock.now());
    await createCache({ tiers: [far], clock, ttlMs: 100 })
      .namespace("time", { load })
      .get("t");
    await new Promise(setImmediate);
    clock.advance(60);
    const three = createCache({ tiers: [lru(), near, far], clock, ttlMs: 100 }).namespace("time", { load });
    await three.get("t");
    await new Promise(setImmediate);
    const nearAlone = createCache({ tiers: [near], clock, ttlMs: 100 }).namespace<number>("time");
    clock.advance(39);
    expect(three.peek("t")).toBe(0);
    expect(await nearAlone.get("t")).toBe(0);
    clock.advance(1);
    expect(three.peek("t")).toBeUndefined();
    expect(await nearAlone.get("t")).toBeUndefined();
    expect(load).toHaveBeenCalledTimes(1);
  });
});
