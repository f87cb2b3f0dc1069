import { type CacheOptions, createCache, type ReadOptions, type WriteOptions } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { memoryTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const none = "allowed is one of the names of this cache's tiers: lru, memory.";
const noList = "allowed is a list of names of tiers.";

/** What is no list of this cache's tiers, and what its refusal says after the option's name. */
const wrong: readonly (readonly [value: unknown, message: string])[] = [
  [["l1"], `[0] is "l1"; ${none}`],
  [["lru", "redis"], `[1] is "redis"; ${none}`],
  [["LRU"], `[0] is "LRU"; ${none}`],
  [[""], `[0] is ""; ${none}`],
  [[undefined], `[0] is undefined; ${none}`],
  [Object.assign(["lru"], { length: 2 }), `[1] is undefined; ${none}`],
  [[0], `[0] is 0; ${none}`],
  [[["lru"]], `[0] is an array; ${none}`],
  ["lru", ` is "lru"; ${noList}`],
  [new Set(["lru"]), ` is an object; ${noList}`],
  [null, ` is null; ${noList}`],
  [true, ` is true; ${noList}`],
  [{ lru: true }, ` is an object; ${noList}`],
];

describe("the tiers to be passed by", () => {
  test.each(wrong)("are refused where they are %o, by name and with the tiers there are", async (names, message) => {
    const load = vi.fn(() => "loaded");
    const texts = fleet.process().namespace("text", { load });
    const refused = (option: string) => ({ code: "INVALID_OPTION", message: `text.${option}${message}` });
    for (const from of ["any", "load", "cached"] as const) {
      for (const option of ["skipReading", "skipWriting"] as const) {
        const options = { from, [option]: names } as ReadOptions;
        await expect(texts.read("a", options)).rejects.toMatchObject(refused(`read.${option}`));
      }
    }
    const options = { skipWriting: names } as WriteOptions;
    await expect(texts.set("a", "v", options)).rejects.toMatchObject(refused("set.skipWriting"));
    await expect(texts.setMany([["a", "v"]], options)).rejects.toMatchObject(refused("set.skipWriting"));
    expect(load).not.toHaveBeenCalled();
    expect(texts.peek("a")).toBeUndefined();
    expect(fleet.shared.count()).toBe(0);
  });

  test.each<[object, string]>([
    [
      { skipRead: ["lru"] },
      "text.read.skipRead is not an option; the options are signal, from, skipReading, skipWriting.",
    ],
    [{ fresh: true }, "text.read.fresh is not an option"],
    [{ from: "loader" }, 'text.read.from is "loader"; allowed is "any", "load" or "cached".'],
    [{ signal: {} }, "text.read.signal is an object; allowed is an AbortSignal."],
  ])("and other options of a read are refused by name: %o", async (options, message) => {
    const texts = fleet.process().namespace("text", { load: () => "loaded" });
    await expect(texts.read("a", options)).rejects.toThrow(message);
  });

  test.each([5, null, "any", ["any"]])("are refused in options that are none: %o", async (options) => {
    const texts = fleet.process().namespace("text", { load: () => "loaded" });
    await expect(texts.read("a", options as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(texts.set("a", "v", options as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("are refused before a signal that has fired is heeded", async () => {
    const texts = fleet.process().namespace("text", { load: () => "loaded" });
    const options = { signal: AbortSignal.abort(), skipReading: ["l1"] };
    await expect(texts.read("a", options)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  test("may not be named where only reads are told by whom", async () => {
    const texts = fleet.process().namespace<string>("text");
    await expect(texts.set("a", "v", { skipReading: ["lru"] } as never)).rejects.toThrow(
      "text.set.skipReading is not an option; the options are ttlMs, skipWriting, tags, requireRemote.",
    );
  });
});

describe("tiers of one name", () => {
  const { clock } = new Fleet();
  const remote = (name: string) => memoryTier({ clock, name });

  test.each<[string, CacheOptions["tiers"], number]>([
    ["two remote ones", [remote("l2"), remote("l2")], 1],
    ["the local one and a remote one", [lru(), remote("lru")], 1],
    ["the second and the third remote one", [lru(), remote("l2"), remote("l3"), remote("l3")], 3],
  ])("are refused: %s", (_kind, tiers, at) => {
    const message = `createCache.tiers[${at}].name is "${tiers.at(-1)?.name}"; allowed is a name that no other tier has.`;
    expect(() => createCache({ tiers })).toThrow(expect.objectContaining({ code: "INVALID_OPTION", message }));
  });

  test("are two tiers in two caches", () => {
    expect(() => [createCache({ tiers: [remote("l2")] }), createCache({ tiers: [remote("l2")] })]).not.toThrow();
  });

  test.each(["", undefined, null, 5])("are not to be told apart by %o", (name) => {
    const tier = Object.assign(Object.create(remote("x")) as object, { name });
    expect(() => createCache({ tiers: [tier] as never })).toThrow("createCache.tiers[0].name is");
  });

  test("a remote tier may go by the name that stands for no tier", async () => {
    const texts = createCache({ tiers: [remote("none")], clock }).namespace("text", { load: () => "loaded" });
    await texts.set("a", "v");
    expect(await texts.read("a")).toMatchObject({ value: "v", source: "none" });
    expect(await texts.explain("a")).toMatchObject({ answeredBy: "none", tiers: [{ tier: "none", holds: "fresh" }] });
    expect(await texts.read("a", { skipReading: ["none"] })).toMatchObject({ source: "loader" });
  });
});
