import type { LoaderContext } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { chaos, memoryTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { valuesIn } from "../values-in.ts";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const notKept = (_id: string, { keepFor }: LoaderContext): string => {
  keepFor(0);
  return "not to be kept";
};

describe("a loaded value that is not to be kept", () => {
  test("leaves none of the older ones behind that it was loaded in place of", async () => {
    const there = fleet.process().namespace<string>("text");
    await there.set("a", "older");
    const texts = fleet.process().namespace("text", { load: notKept });
    expect(await texts.get("a")).toBe("older");
    expect(await texts.read("a", { from: "load" })).toMatchObject({ value: "not to be kept" });
    await fleet.settled();
    expect((await texts.explain("a")).tiers.map(({ holds }) => holds)).toEqual(["nothing", "nothing"]);
    expect(fleet.observer.count("not-kept")).toBe(1);
  });

  test("leaves none in a tier that was passed by for this read", async () => {
    const near = chaos(memoryTier({ clock: fleet.clock, name: "near" }));
    const texts = fleet.process({ tiers: [lru(), near, fleet.shared] }).namespace("text", { load: notKept });
    await fleet.process().namespace<string>("text").set("a", "older");
    const options = { skipReading: ["lru", "memory"] };
    expect(await texts.read("a", options)).toMatchObject({ value: "not to be kept" });
    await fleet.settled();
    expect(valuesIn(fleet.shared).removals).toEqual([["text:a"]]);
    // It was asked, and had nothing.
    expect(valuesIn(near).removals).toEqual([]);
  });

  test("is no business of a tier that is not to be written", async () => {
    const texts = fleet.process().namespace("text", { load: notKept });
    await texts.set("a", "older");
    await texts.read("a", { from: "load", skipWriting: ["lru", "memory"] });
    await fleet.settled();
    expect((await texts.explain("a")).tiers.map(({ holds }) => holds)).toEqual(["fresh", "fresh"]);
  });

  test("costs no removal where the tiers were asked and had nothing", async () => {
    await fleet.process().namespace("text", { load: notKept }).get("a");
    await fleet.settled();
    expect(valuesIn(fleet.shared).removals).toEqual([]);
  });
});
