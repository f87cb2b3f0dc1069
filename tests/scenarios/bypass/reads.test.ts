import { createCache, type ReadOptions } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { valuesIn } from "../values-in.ts";
import { ThreeTiers } from "./three-tiers.ts";

let tiers: ThreeTiers;

beforeEach(() => {
  tiers = new ThreeTiers();
});

/** A namespace whose tiers hold different values of one key, "lru" the newest, and whose loader brings "loaded". */
async function differing() {
  const { near, far, clock } = tiers;
  await createCache({ tiers: [far], clock, ttlMs: 1_000 })
    .namespace<string>("text")
    .set("a", "far");
  clock.advance(1);
  await createCache({ tiers: [near], clock, ttlMs: 1_000 })
    .namespace<string>("text")
    .set("a", "near");
  clock.advance(1);
  const load = vi.fn(async () => "loaded");
  const texts = tiers.cache().namespace("text", { load });
  load.mockResolvedValueOnce("lru");
  await texts.read("a", { from: "load", skipWriting: ["near", "far"] });
  load.mockClear();
  for (const tier of [near, far]) tier.clearCalls();
  return { texts, load };
}

describe("a tier that is passed by", () => {
  const all = ["lru", "near", "far"];
  const before = ["lru", "near", "far"];
  // What answers, and what the three tiers hold afterwards.
  test.each<[ReadOptions, string | undefined, readonly unknown[]]>([
    [{}, "lru", before],
    [{ skipReading: ["lru"] }, "near", before],
    [{ skipReading: ["near"] }, "lru", before],
    [{ skipReading: ["lru", "near"] }, "far", before],
    [{ skipReading: all }, "loader", ["loaded", "loaded", "loaded"]],
    [{ skipReading: all, skipWriting: ["lru"] }, "loader", ["lru", "loaded", "loaded"]],
    [{ skipReading: all, skipWriting: ["near"] }, "loader", ["loaded", "near", "loaded"]],
    [{ skipReading: all, skipWriting: ["near", "far"] }, "loader", ["loaded", "near", "far"]],
    [{ skipReading: all, skipWriting: all }, "loader", before],
    [{ from: "load" }, "loader", ["loaded", "loaded", "loaded"]],
    [{ from: "load", skipWriting: ["lru"] }, "loader", ["lru", "loaded", "loaded"]],
    [{ from: "load", skipWriting: ["far"] }, "loader", ["loaded", "loaded", "far"]],
    [{ from: "load", skipReading: ["near"], skipWriting: all }, "loader", before],
    [{ from: "cached", skipReading: ["lru"] }, "near", before],
    [{ from: "cached", skipReading: ["lru", "near"], skipWriting: ["lru"] }, "far", before],
    [{ from: "cached", skipReading: all }, undefined, before],
  ])("by %o is neither asked nor written", async (options, source, after) => {
    const { texts, load } = await differing();
    const { near, far } = tiers;
    const reading = await texts.read("a", options);
    expect(reading.source).toBe(source);
    expect(reading.value).toBe(source === "loader" ? "loaded" : source);
    await tiers.settled();
    const skips = (list: readonly string[] | undefined, name: string): boolean => list?.includes(name) === true;
    for (const tier of [near, far]) {
      if (skips(options.skipReading, tier.name)) expect(valuesIn(tier).count("read")).toBe(0);
      if (skips(options.skipWriting, tier.name))
        expect([valuesIn(tier).count("write"), valuesIn(tier).count("remove")]).toEqual([0, 0]);
    }
    expect([texts.peek("a"), ...(await tiers.held("text", "a"))]).toEqual(after);
    expect(load).toHaveBeenCalledTimes(source === "loader" ? 1 : 0);
  });

  test("for writing is not given what is found below it; the others that had nothing are", async () => {
    const { far, clock } = tiers;
    const texts = () => tiers.cache().namespace<string>("text");
    await createCache({ tiers: [far], clock, ttlMs: 1_000 })
      .namespace<string>("text")
      .set("a", "v");
    const first = texts();
    expect(await first.read("a", { skipWriting: ["near"] })).toMatchObject({ value: "v", source: "far" });
    expect([first.peek("a"), ...(await tiers.held("text", "a"))]).toEqual(["v", undefined, "v"]);
    const second = texts();
    expect(await second.read("a", { skipWriting: ["lru"] })).toMatchObject({ value: "v", source: "far" });
    expect([second.peek("a"), ...(await tiers.held("text", "a"))]).toEqual([undefined, "v", "v"]);
  });

  test("in a cache of one tier leaves the loader alone to answer", async () => {
    const { clock, near } = tiers;
    const load = vi.fn(() => "loaded");
    const texts = createCache({ tiers: [near], clock }).namespace("text", { load });
    await texts.set("a", "set");
    expect(await texts.read("a", { skipReading: ["near"], skipWriting: ["near"] })).toMatchObject({ value: "loaded" });
    expect(await texts.get("a")).toBe("set");
  });

  test("in a cache that is switched off goes by its name as before", async () => {
    const texts = tiers.cache({ enabled: false }).namespace("text", { load: () => "loaded" });
    const options = { skipReading: ["lru", "far"], skipWriting: ["near"] };
    expect(await texts.read("a", options)).toMatchObject({ value: "loaded", source: "loader" });
    expect(await texts.set("a", "v", { skipWriting: ["lru"] })).toEqual({ status: "done" });
    expect([tiers.near.count(), tiers.far.count()]).toEqual([0, 0]);
  });
});

test("a forced load that fails fails its reader, stale values or not, and leaves the tiers as they are", async () => {
  const away = new Error("origin is away");
  const rules = { load: () => Promise.reject<string>(away), staleIfErrorMs: 1_000, retryLoadAfterMs: 500 };
  const texts = tiers.cache().namespace("text", rules);
  await texts.set("a", "set");
  await expect(texts.read("a", { from: "load" })).rejects.toBe(away);
  expect([texts.peek("a"), ...(await tiers.held("text", "a"))]).toEqual(["set", "set", "set"]);
  expect(await texts.read("a")).toMatchObject({ value: "set", source: "lru", stale: undefined });
});

describe("a value that is not to be kept", () => {
  const rules = {
    load: (_id: string, { keepFor }: { readonly keepFor: (ttlMs: number) => void }): string => {
      keepFor(0);
      return "loaded";
    },
  };

  test.each<[ReadOptions, readonly unknown[]]>([
    [{ from: "load" }, [undefined, undefined, undefined]],
    [{ from: "load", skipWriting: ["near"] }, [undefined, "set", undefined]],
    [{ from: "load", skipWriting: ["lru", "far"] }, ["set", undefined, "set"]],
    [{ skipReading: ["lru", "near", "far"] }, [undefined, undefined, undefined]],
    [{ skipReading: ["lru", "near", "far"], skipWriting: ["lru", "near", "far"] }, ["set", "set", "set"]],
  ])("when read by %o leaves no older one but in tiers that are passed by", async (options, after) => {
    const texts = tiers.cache().namespace("text", rules);
    await texts.set("a", "set");
    expect(await texts.read("a", options)).toMatchObject({ value: "loaded", source: "loader" });
    expect([texts.peek("a"), ...(await tiers.held("text", "a"))]).toEqual(after);
  });
});

describe("a reader who passes tiers by", () => {
  test("refreshes and prolongs nothing behind", async () => {
    const load = vi.fn(async () => "loaded");
    const cache = tiers.cache();
    const spaces = [
      cache.namespace("ahead", { load, ttlMs: 100, refreshAhead: 0.5 }),
      cache.namespace("loading", { load, ttlMs: 100, sliding: true }),
      cache.namespace<string>("session", { ttlMs: 100, sliding: true }),
    ];
    for (const texts of spaces) await texts.set("a", "set");
    tiers.clock.advance(60);
    for (const texts of spaces) {
      for (const from of ["any", "cached"] as const) {
        expect(await texts.read("a", { from, skipWriting: ["far"] })).toMatchObject({ value: "set", source: "lru" });
      }
    }
    await tiers.settled();
    expect(load).not.toHaveBeenCalled();
    expect(tiers.observer.count("renewed")).toBe(0);
    tiers.clock.advance(40);
    for (const texts of spaces) expect(texts.peek("a")).toBeUndefined();
  });

  test("of a stale value looks into the other tiers first, and is then answered while his own load goes on", async () => {
    const answer = Promise.withResolvers<string>();
    const load = vi.fn(() => answer.promise);
    const rules = { load, ttlMs: 100, staleWhileRevalidateMs: 100 };
    const texts = tiers.cache().namespace("text", rules);
    await texts.set("a", "stale");
    tiers.clock.advance(150);
    const options = { skipReading: ["near"], skipWriting: ["far"] };
    expect(await texts.read("a", options)).toMatchObject({ value: "stale", source: "lru", stale: "revalidating" });
    answer.resolve("loaded");
    expect(await tiers.held("text", "a")).toEqual(["loaded", undefined]);
    expect(texts.peek("a")).toBe("loaded");
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("is given the newer value that a tier holds which he does not pass by, in place of a stale one", async () => {
    const load = vi.fn(() => "loaded");
    const texts = tiers.cache().namespace("text", { load, ttlMs: 100, staleWhileRevalidateMs: 100 });
    await texts.set("a", "stale");
    tiers.clock.advance(150);
    await tiers.cache().namespace<string>("text").set("a", "newer");
    expect(await texts.read("a", { skipReading: ["near"] })).toMatchObject({ value: "newer", source: "far" });
    expect(load).not.toHaveBeenCalled();
  });

  test("is not answered out of a tier that he passes by when his load fails", async () => {
    const away = new Error("origin is away");
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000 };
    await tiers.cache(rules).namespace<string>("text").set("a", "stale");
    tiers.clock.advance(150);
    const texts = tiers.cache(rules).namespace<string>("text", { load: () => Promise.reject(away) });
    await texts.set("a", "fresh");
    await expect(texts.read("a", { skipReading: ["lru", "near", "far"] })).rejects.toBe(away);
    expect(texts.peek("a")).toBe("fresh");
  });

  test("is answered by what is stale in another tier, and not by what is fresh in the one he passes by", async () => {
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000 };
    const load = vi.fn<() => Promise<string>>().mockRejectedValue(new Error("origin is away"));
    await tiers.cache(rules).namespace<string>("text").set("a", "stale");
    tiers.clock.advance(150);
    const texts = tiers.cache(rules).namespace<string>("text", { load });
    load.mockResolvedValueOnce("fresh");
    await texts.read("a", { from: "load", skipWriting: ["near", "far"] });
    const reading = await texts.read("a", { skipReading: ["lru"] });
    expect(reading).toMatchObject({ value: "stale", source: "near", stale: "load-failed" });
    expect(texts.peek("a")).toBe("fresh");
  });

  test("is answered out of the others, and leaves a newer stale value in its place", async () => {
    const load = vi.fn<() => Promise<string>>().mockRejectedValue(new Error("origin is away"));
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000 };
    await tiers.cache(rules).namespace<string>("text").set("a", "older");
    tiers.clock.advance(1);
    const texts = tiers.cache(rules).namespace<string>("text", { load });
    load.mockResolvedValueOnce("newer");
    await texts.read("a", { from: "load", skipWriting: ["near", "far"] });
    tiers.clock.advance(200);
    expect(await texts.read("a", { skipReading: ["lru"] })).toMatchObject({ value: "older", stale: "load-failed" });
    expect(await texts.get("a")).toBe("newer");
  });
});
