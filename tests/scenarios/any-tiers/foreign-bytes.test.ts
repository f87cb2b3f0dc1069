import { json, minutes } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";
import { describe, expect, vi } from "vitest";
import { inWorlds, type World } from "../matrix.ts";

const withRemote = inWorlds("remote");

/** Loads a key whose bytes in each remote tier are no entry of this namespace; others find what was loaded. */
async function expectReplaced(world: World, reason: string): Promise<void> {
  const load = vi.fn((id: string) => `loaded ${id}`);
  expect(await world.process().namespace("user", { load }).get("1")).toBe("loaded 1");
  expect(world.observer.of("frame-rejected")).toEqual(
    world.remotes.map(({ name }) => ({ type: "frame-rejected", namespace: "user", tier: name, reason })),
  );
  await world.settled();
  const users = world.process().namespace("user", { load });
  expect(await users.get("1")).toBe("loaded 1");
  await world.everyTierHolds(users, "1", "loaded 1");
  expect(load).toHaveBeenCalledTimes(1);
}

describe.each([
  ["foreign text", "not-a-frame", Buffer.from("hello")],
  ["nothing at all", "not-a-frame", Buffer.alloc(0)],
  [
    "the beginning of a frame",
    "bad-length",
    Buffer.from("c1f501630000000000000000000000007ff000000000000000000000", "hex"),
  ],
])("%s under our key", (_, reason, bytes) => {
  withRemote("is a counted miss, and is replaced", async (world) => {
    const call = { signal: new AbortController().signal, ttlMs: minutes(1) };
    for (const tier of world.remotes) await tier.write("user:1", bytes, call);
    await expectReplaced(world, reason);
  });
});

describe("a frame of another serializer", () => {
  withRemote("is a counted miss, and is replaced", async (world) => {
    const serializer = { ...json, id: 200 };
    await world.process({ serializer }).namespace<string>("user").set("1", "v");
    await expectReplaced(world, "other-serializer");
  });

  withRemote("is told apart also where both are ours", async (world) => {
    const users = [json, msgpack()].map((serializer) => world.process({ serializer }).namespace<string>("user"));
    await users[0]?.set("1", "v");
    expect(await users[1]?.read("1", { from: "cached" })).toMatchObject({ source: undefined });
    expect(world.observer.of("frame-rejected")).toEqual(
      world.remotes.map(({ name }) => expect.objectContaining({ tier: name, reason: "other-serializer" })),
    );
  });
});
