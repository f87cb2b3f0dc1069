import type { BatchLoaderContext, LoaderContext, StaleValue } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { Origin } from "./origin.ts";

let fleet: Fleet;
let origin: Origin;

beforeEach(() => {
  fleet = new Fleet();
  origin = new Origin();
});

const rules = { ttlMs: 100, staleIfErrorMs: 1_000 };

describe("what a loader is shown of the value it is to replace", () => {
  test("is nothing at first, then the value, its etag and its age", async () => {
    const pages = fleet.process().namespace("page", { load: origin.load, ...rules });
    await pages.get("a");
    fleet.clock.advance(130);
    await pages.get("a");
    expect(origin.asked).toEqual([undefined, { value: "a v1", etag: '"1"', ageMs: 130 }]);
  });

  test("has no etag where none was said, and none after a set", async () => {
    const seen: (StaleValue | undefined)[] = [];
    const load = (_id: string, { stale }: LoaderContext): string => {
      seen.push(stale);
      return "loaded";
    };
    const pages = fleet.process().namespace("page", { load, ...rules });
    await pages.set("a", "set");
    fleet.clock.advance(100);
    await pages.get("a");
    fleet.clock.advance(100);
    await pages.get("a");
    expect(seen).toEqual([
      { value: "set", etag: undefined, ageMs: 100 },
      { value: "loaded", etag: undefined, ageMs: 100 },
    ]);
  });

  test("is what another process has loaded, with its etag and its age", async () => {
    await fleet
      .process()
      .namespace("page", { load: origin.load, ...rules })
      .get("a");
    await fleet.settled();
    fleet.clock.advance(250);
    await fleet
      .process()
      .namespace("page", { load: origin.load, ...rules })
      .get("a");
    expect(origin.asked[1]).toEqual({ value: "a v1", etag: '"1"', ageMs: 250 });
  });

  test("is the newer of two, whichever tier has it", async () => {
    const here = fleet.process().namespace("page", { load: origin.load, ...rules });
    const there = fleet.process().namespace("page", { load: origin.load, ...rules });
    await here.get("a");
    await fleet.settled();
    fleet.clock.advance(100);
    origin.version = 2;
    await there.get("a");
    await fleet.settled();
    fleet.clock.advance(100);
    await here.get("a");
    expect(origin.asked[2]).toEqual({ value: "a v2", etag: '"2"', ageMs: 100 });
  });

  test("is nothing once the key was invalidated, though the load begins after that", async () => {
    const pages = fleet.process().namespace("page", { load: origin.load, ...rules });
    await pages.get("a");
    await fleet.settled();
    fleet.clock.advance(100);
    fleet.shared.hold("read");
    const reading = pages.get("a");
    await fleet.shared.whenHeld(1);
    const invalidated = pages.invalidate("a");
    fleet.shared.release();
    expect(await reading).toBe("a v1");
    await invalidated;
    expect(origin.asked).toEqual([undefined, undefined]);
  });

  test("is nothing for a read that insists on a new load", async () => {
    const pages = fleet.process().namespace("page", { load: origin.load, ...rules });
    await pages.get("a");
    fleet.clock.advance(100);
    await pages.read("a", { from: "load" });
    expect(origin.asked).toEqual([undefined, undefined]);
  });

  test("is each key's own in a batch", async () => {
    const pages = fleet.process().namespace("page", { loadMany: origin.loadMany, ...rules });
    await pages.getMany(["a"]);
    fleet.clock.advance(120);
    await pages.getMany(["b", "a"]);
    expect(origin.asked).toEqual([undefined, undefined, { value: "a v1", etag: '"1"', ageMs: 120 }]);
  });

  test("is shown to the loader of one call too", async () => {
    const pages = fleet.process().namespace<string>("page", rules);
    await pages.getOrLoad("a", origin.load);
    fleet.clock.advance(100);
    await pages.getOrLoad("a", origin.load);
    expect(origin.asked[1]).toEqual({ value: "a v1", etag: '"1"', ageMs: 100 });
  });
});

describe("what a loader may say", () => {
  test.each([
    ["text", "5"],
    ["null", null],
    ["true", true],
    ["a list", [5]],
    ["nothing", undefined],
    ["less than nothing", -1],
    ["no number", Number.NaN],
  ])("keepFor does not take %s", async (_kind, wrong) => {
    const load = vi.fn((_id: string, { keepFor }: LoaderContext) => keepFor(wrong as number));
    const pages = fleet.process().namespace("page", { load });
    const message = expect.stringMatching(/^keepFor is .*; allowed is a number of milliseconds of at least 0\.$/);
    await expect(pages.get("a")).rejects.toMatchObject({ code: "INVALID_OPTION", message });
    expect(pages.peek("a")).toBeUndefined();
  });

  test.each([
    ["nothing", undefined],
    ["null", null],
    ["a number", 1],
    ["an empty text", ""],
    ["a text that is too long", "x".repeat(1_025)],
    ["broken text", "\ud800"],
  ])("setEtag does not take %s", async (_kind, wrong) => {
    const load = (_id: string, { setEtag }: LoaderContext): void => setEtag(wrong as string);
    const pages = fleet.process().namespace("page", { load });
    const message = expect.stringMatching(/^setEtag is .*; allowed is a well-formed string of 1 to 1024 characters\.$/);
    await expect(pages.get("a")).rejects.toMatchObject({ code: "INVALID_OPTION", message });
  });

  test("setEtag takes the longest etag there is, in any letters, and the last one counts", async () => {
    const etag = "€".repeat(1_024);
    const load = (_id: string, { setEtag }: LoaderContext): string => {
      setEtag("first");
      setEtag(etag);
      return "value";
    };
    await fleet.process().namespace("page", { load }).get("a");
    await fleet.settled();
    const there = fleet.process().namespace<string>("page");
    expect(await there.get("a")).toBe("value");
    expect((await there.explain("a")).tiers).toMatchObject([{ etag }, { etag }]);
  });

  test.each([
    ["before the first", -1],
    ["behind the last", 2],
    ["between two", 0.5],
    ["named by text", "0"],
  ])("setEtag of a batch does not take a position %s", async (_kind, position) => {
    const loadMany = (keys: readonly unknown[], { setEtag }: BatchLoaderContext): string[] => {
      setEtag(position as number, "x");
      return keys.map(() => "value");
    };
    const pages = fleet.process().namespace("page", { loadMany });
    await expect(pages.getMany(["a", "b"])).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringMatching(
        /^The position given to setEtag is .*; allowed is the position of a key, from 0 to 1\.$/,
      ),
    });
  });
});
