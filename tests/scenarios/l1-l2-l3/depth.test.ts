import { type Cache, createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { type ChaosTier, chaos, type ManualClock, manualClock, memoryTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { givenTokens } from "../given-tokens.ts";
import { valuesIn } from "../values-in.ts";

let clock: ManualClock;
let near: ChaosTier;
let far: ChaosTier;

beforeEach(() => {
  clock = manualClock();
  near = chaos(givenTokens(memoryTier({ clock, name: "near", epochMs: 9_000_000 }), "time", "text"));
  far = chaos(givenTokens(memoryTier({ clock, name: "far", epochMs: 5_000 }), "time", "text"));
});

function cacheOver(...tiers: readonly ChaosTier[]): Cache {
  return createCache({ tiers: [lru(), ...tiers], clock, ttlMs: 100 });
}

function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe("three tiers", () => {
  test("are asked nearest first, and the nearer ones get a copy with the life that is left", async () => {
    const load = vi.fn(() => clock.now());
    await cacheOver(far).namespace("time", { load }).get("t");
    await settled();
    clock.advance(60);
    const three = cacheOver(near, far).namespace("time", { load });
    await three.get("t");
    await settled();
    const nearAlone = cacheOver(near).namespace<number>("time");
    clock.advance(39);
    expect(three.peek("t")).toBe(0);
    expect(await nearAlone.get("t")).toBe(0);
    clock.advance(1);
    expect(three.peek("t")).toBeUndefined();
    expect(await nearAlone.get("t")).toBeUndefined();
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("do not trouble the far one with what the near one has", async () => {
    await cacheOver(near, far).namespace<string>("text").set("a", "v");
    expect(await cacheOver(near, far).namespace<string>("text").get("a")).toBe("v");
    expect(valuesIn(near).reads).toEqual([["text:a"]]);
    expect(valuesIn(far).reads).toEqual([]);
    expect(valuesIn(near).writes).toEqual(["text:a"]);
  });

  test("are answered by the far one while the near one fails, which gets its copy when it has healed", async () => {
    await cacheOver(far).namespace<string>("text").set("a", "v");
    near.fail();
    expect(await cacheOver(near, far).namespace<string>("text").get("a")).toBe("v");
    near.heal();
    expect(await cacheOver(near, far).namespace<string>("text").get("a")).toBe("v");
    await settled();
    expect(await cacheOver(near).namespace<string>("text").get("a")).toBe("v");
  });

  test("are answered by the near one while the far one hangs, flagged: what has been cleared cannot be asked for there", async () => {
    await cacheOver(near)
      .namespace<string>("text")
      .set("a", "v", { ttlMs: minutes(1) });
    far.hang();
    const load = vi.fn(() => "loaded");
    const reading = cacheOver(near, far).namespace<string>("text", { load }).read("a");
    for (let deadline = 0; deadline < 2; deadline++) {
      await settled();
      clock.advance(200);
    }
    expect(await reading).toMatchObject({ value: "v", source: "near", stale: "uncertified" });
    expect(load).not.toHaveBeenCalled();
  });

  test("mend what is damaged in the near one from the far one, without a load", async () => {
    const load = vi.fn(() => "loaded");
    await cacheOver(far).namespace<string>("text").set("a", "v");
    const call = { signal: new AbortController().signal, ttlMs: minutes(1) };
    await near.write("text:a", Buffer.from("no frame"), call);
    expect(await cacheOver(near, far).namespace("text", { load }).get("a")).toBe("v");
    await settled();
    expect(await cacheOver(near).namespace<string>("text").get("a")).toBe("v");
    expect(load).not.toHaveBeenCalled();
  });

  test("prefer what is fresh in the far one to what is stale in the near one", async () => {
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000 };
    await cacheOver(near).namespace<string>("text", rules).set("a", "old");
    clock.advance(150);
    await cacheOver(far).namespace<string>("text", rules).set("a", "new");
    const texts = cacheOver(near, far).namespace<string>("text", rules);
    expect(await texts.get("a")).toBe("new");
    await settled();
    expect(await cacheOver(near).namespace<string>("text").get("a")).toBe("new");
  });
});
