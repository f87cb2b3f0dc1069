import { createCache, minutes, seconds } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { manualClock } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { type ListingProcess, ListsAndScores } from "./lists-and-scores.ts";

let fleet: ListsAndScores;
let one: ListingProcess;
let other: ListingProcess;

beforeEach(async () => {
  fleet = new ListsAndScores();
  [one, other] = [await fleet.listing(), await fleet.listing()];
});

describe("what a lagging loader may have learned is not kept", () => {
  const versioned = { version: (score: { readonly version: number }) => score.version };

  test("while its namespace holds off what is loaded", async () => {
    const { cache } = one;
    const names = cache.namespace<string>("name", { holdOffMs: minutes(1) });
    const pages = cache.namespace("page", {
      load: (id, { keepAlso }) => {
        keepAlso(names, id, "learned");
        return id;
      },
    });
    await names.invalidate("a");
    fleet.clock.advance(seconds(1));
    await pages.get("a");
    await fleet.settled();
    expect(names.peek("a")).toBeUndefined();
    expect(await names.get("a")).toBeUndefined();
    expect(fleet.observer.of("held-off")).toMatchObject([{ namespace: "name" }]);
  });

  test("while its namespace holds off what is loaded, in the process alone too", async () => {
    const clock = manualClock();
    const cache = createCache({ tiers: [lru()], clock });
    const names = cache.namespace<string>("name", { holdOffMs: minutes(1) });
    const pages = cache.namespace("page", {
      load: (id, { keepAlso }) => {
        keepAlso(names, id, "learned");
        return id;
      },
    });
    await names.invalidate("a");
    clock.advance(seconds(1));
    await pages.get("a");
    expect(names.peek("a")).toBeUndefined();
    clock.advance(minutes(1));
    await pages.read(["a"], { from: "load" });
    expect(names.peek("a")).toBe("learned");
    await cache.close();
  });

  test("of a lower version than its key has", async () => {
    const names = one.cache.namespace<{ readonly version: number }>("name", versioned);
    const pages = one.cache.namespace("page", {
      load: (id, { keepAlso }) => {
        keepAlso(names, id, { version: Number(id) });
        return id;
      },
    });
    for (const id of ["1", "3"]) await names.invalidateMany([id], { version: 2 });
    fleet.clock.advance(1);
    for (const id of ["1", "3"]) await pages.get(id);
    await fleet.settled();
    expect(names.peek("1")).toBeUndefined();
    expect(await names.get("1")).toBeUndefined();
    expect(names.peek("3")).toEqual({ version: 3 });
  });

  test.each([
    { what: "of a lower version than another process has asked for", rules: versioned, wish: { version: 2 } },
    { what: "while another process has its key held off", rules: { holdOffMs: minutes(1) }, wish: {} },
    { what: "while another process has its key held off by a call", rules: {}, wish: { holdOffMs: minutes(1) } },
  ])("$what, which only the tier can tell", async ({ rules, wish }) => {
    const theirs = other.cache.namespace<{ readonly version: number }>("name", rules);
    await theirs.invalidateMany(["a"], wish);
    // It has heard of nothing.
    const late = await fleet.listing();
    const names = late.cache.namespace<{ readonly version: number }>("name", rules);
    const pages = late.cache.namespace("page", {
      load: (id, { keepAlso }) => {
        for (const key of ["a", "b"]) keepAlso(names, key, { version: 1 });
        return id;
      },
    });
    await pages.get("a");
    await fleet.settled();
    expect(names.peek("a")).toBeUndefined();
    expect(await names.get("a")).toBeUndefined();
    expect(names.peek("b")).toEqual({ version: 1 });
    expect(await theirs.get("b")).toEqual({ version: 1 });
  });
});
