import { createHash } from "node:crypto";
import { createCache, type Entry, type LocalTier } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { valuesIn } from "../values-in.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const long = `https://example.org/search?q=${"tiers and ".repeat(100)}`;
const ofTwo = { key: (job: number, text: string): [number, string] => [job, text] };

function open() {
  const cache = fleet.process();
  return {
    pages: cache.namespace<string>("page"),
    matches: cache.namespace<string, readonly [number, string]>("match", ofTwo),
  };
}

function nothing(count: number): readonly undefined[] {
  return Array.from({ length: count }, () => undefined);
}

/** What anybody can work out who has read how a long key is held. */
function shortFormOf(id: string): string {
  return `${id.slice(0, 216)}%#${createHash("sha256").update(id).digest("base64url")}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[%:{}]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

describe("a long key", () => {
  test("is loaded with what was handed in, and shared with other processes under a short one", async () => {
    const load = vi.fn((id: string) => id.length);
    expect(await fleet.process().namespace("page", { load }).get(long)).toBe(long.length);
    await fleet.settled();
    expect(await fleet.process().namespace("page", { load }).get(long)).toBe(long.length);
    expect(load).toHaveBeenCalledTimes(1);
    expect(load).toHaveBeenCalledWith(long, expect.anything());
    expect(valuesIn(fleet.shared).writes).toEqual([`page:${shortFormOf(escaped(long))}`]);
  });

  test("begins in the remote tiers as it begins, so that patterns on its first parts find it", async () => {
    await open().matches.set([1234, long], "v");
    expect(valuesIn(fleet.shared).writes[0]).toMatch(/^match:1234:https%3A\/\/example\.org\/search\?q=tiers and /);
  });

  test("is held under a short one in the local tier too", async () => {
    const ids: string[] = [];
    const recording: LocalTier = {
      name: "recording",
      open: <V>() => ({
        size: 0,
        get: (): Entry<V> | undefined => undefined,
        set: (id: string) => void ids.push(id),
        delete: () => {},
        clear: () => {},
      }),
    };
    const cache = createCache({ tiers: [recording], clock: fleet.clock });
    await cache.namespace<string>("page").set(long, "v");
    await cache.namespace<string, readonly [number, string]>("match", ofTwo).set([1234, long], "v");
    expect(ids).toEqual([shortFormOf(escaped(long)), shortFormOf(`1234:${escaped(long)}`)]);
  });

  test("is read, peeked at, written and invalidated as any other", async () => {
    const pages = fleet.process().namespace("page", { load: () => "loaded" });
    await pages.set(long, "set");
    expect([await pages.get(long), pages.peek(long)]).toEqual(["set", "set"]);
    expect(await pages.getMany([long, "short", `${long}!`])).toEqual(["set", "loaded", "loaded"]);
    await pages.invalidate(long);
    expect(pages.peek(long)).toBeUndefined();
    expect(await pages.get(long)).toBe("loaded");
  });

  test("is answered for by nobody who hands in the short one, in no tier", async () => {
    const owner = open();
    await owner.pages.set(long, "own");
    await owner.matches.set([1234, long], "own");
    const [alone, among] = [shortFormOf(escaped(long)), shortFormOf(`1234:${escaped(long)}`)];
    for (const { pages, matches } of [owner, open()]) {
      expect(await pages.getMany([alone, among, escaped(alone), long])).toEqual([...nothing(3), "own"]);
      const pairs = [alone, among.slice("1234:".length), escaped(alone), long].map((text) => [1234, text] as const);
      expect(await matches.getMany(pairs)).toEqual([...nothing(3), "own"]);
    }
  });
});
