import { createCache, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { valuesIn } from "../values-in.ts";
import { Fleet } from "./fleet.ts";

const call = { signal: new AbortController().signal, ttlMs: minutes(1) };

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

async function lyingAt(key: string): Promise<Uint8Array | undefined> {
  const [frame] = await fleet.shared.readMany([key], call);
  return frame;
}

describe("a frame of a newer release's format", () => {
  const newer = Uint8Array.from([0xc1, 0xf5, 3, ...new Uint8Array(40).fill(7)]);

  beforeEach(() => fleet.shared.write("user:1", newer, call));

  test("is a miss that is loaded, and stays where it is", async () => {
    const users = fleet.process().namespace("user", { load: (id) => `loaded ${id}` });
    expect(await users.get("1")).toBe("loaded 1");
    expect(await users.getMany(["1", "2"])).toEqual(["loaded 1", "loaded 2"]);
    await fleet.settled();
    expect(fleet.observer.events).toContainEqual({
      type: "frame-rejected",
      namespace: "user",
      tier: "memory",
      reason: "newer-format",
    });
    expect(await lyingAt("user:1")).toEqual(newer);
    expect((await lyingAt("user:2"))?.[2]).toBe(1);
  });

  test("is answered from the local tier after that, so that the older release pays once a life", async () => {
    const load = vi.fn((id: string) => `loaded ${id}`);
    const users = fleet.process().namespace("user", { load });
    await users.get("1");
    await users.get("1");
    expect(load).toHaveBeenCalledTimes(1);
  });

  test("is replaced by a set, which nothing may outlive", async () => {
    const users = fleet.process().namespace<string>("user");
    await users.set("1", "set");
    expect((await lyingAt("user:1"))?.[2]).toBe(1);
  });
});

test("a frame of a format that no release knows is replaced by what was loaded", async () => {
  await fleet.shared.write("user:1", Uint8Array.from([0xc1, 0xf5, 0, ...new Uint8Array(80)]), call);
  await fleet
    .process()
    .namespace("user", { load: (id) => `loaded ${id}` })
    .get("1");
  await fleet.settled();
  expect((await lyingAt("user:1"))?.[2]).toBe(1);
});

test.each([
  ["foreign bytes", Buffer.from("not ours")],
  ["a frame of a newer format", Uint8Array.from([0xc1, 0xf5, 3, ...new Uint8Array(80).fill(7)])],
  ["a damaged frame", Uint8Array.from([0xc1, 0xf5, 1, 1, 0x46, ...new Uint8Array(80)])],
])("a hit that prolongs a sliding value does not write into %s", async (_, bytes) => {
  const users = fleet.process({ sliding: true }).namespace("user", { load: (id) => `loaded ${id}` });
  await users.get("1");
  await fleet.settled();
  await fleet.shared.write("user:1", bytes, call);
  fleet.clock.advance(minutes(0.5));
  expect(await users.get("1")).toBe("loaded 1");
  await fleet.settled();
  expect(valuesIn(fleet.shared).renewals).toEqual([]);
  expect(Buffer.from((await lyingAt("user:1")) ?? [])).toEqual(Buffer.from(bytes));
});

describe("frameFormat", () => {
  test.each([1, 2])("pins what a cache writes: %i", async (frameFormat) => {
    await fleet.process({ frameFormat }).namespace<string>("user").set("1", "set");
    expect((await lyingAt("user:1"))?.[2]).toBe(frameFormat);
    expect(await fleet.process().namespace<string>("user").get("1")).toBe("set");
  });

  test.each([
    [0, "0"],
    [3, "3"],
    ["1", '"1"'],
    [null, "null"],
  ])("is refused where this release cannot write it: %j", (frameFormat, shown) => {
    const make = (): unknown => createCache({ tiers: [lru()], frameFormat: frameFormat as number });
    const message = `createCache.frameFormat is ${shown}; allowed is a frame format that this release can write: 1, 2.`;
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_OPTION", message }));
  });
});
