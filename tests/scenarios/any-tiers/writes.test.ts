import { json } from "@tiercache/core";
import { describe, expect } from "vitest";
import { inWorlds } from "../matrix.ts";
import { valuesIn } from "../values-in.ts";

const inEveryWorld = inWorlds();
const withRemote = inWorlds("remote");

describe("a set", () => {
  inEveryWorld("puts its value into every tier, in place of what was there", async (world) => {
    const users = world.process().namespace<string>("user");
    for (const value of ["first", "second"]) {
      expect(await users.set("1", value)).toEqual({ status: "done" });
      await world.everyTierHolds(users, "1", value);
    }
  });

  inEveryWorld("may give its entry another time to live", async (world) => {
    const users = world.process().namespace<string>("user");
    await users.set("1", "v", { ttlMs: 5 });
    world.clock.advance(4);
    await world.everyTierHolds(users, "1", "v");
    world.clock.advance(1);
    expect(await users.get("1")).toBeUndefined();
  });

  inEveryWorld("of a promise is refused", async (world) => {
    const users = world.process().namespace<unknown>("user");
    await expect(users.set("1", Promise.resolve(1))).rejects.toMatchObject({ code: "INVALID_VALUE" });
    await world.everyTierHolds(users, "1", undefined);
  });

  inEveryWorld("with a wrong option is refused by name", async (world) => {
    const users = world.process().namespace<string>("user");
    await expect(users.set("1", "v", { ttlMs: 0 })).rejects.toThrow(/user\.set\.ttlMs is 0; allowed is/);
  });
});

describe.each(["delete", "invalidate"] as const)("%s", (operation) => {
  inEveryWorld("takes the key, and no other, out of every tier", async (world) => {
    const users = world.process().namespace<string>("user");
    await users.setMany([
      ["1", "one"],
      ["2", "two"],
    ]);
    expect(await users[operation]("1")).toEqual({ status: "done" });
    await world.everyTierHolds(users, "1", undefined);
    await world.everyTierHolds(users, "2", "two");
    expect(await users[operation]("never there")).toEqual({ status: "done" });
  });
});

describe("many writes", () => {
  const values = [
    ["a", "A"],
    ["b", "B"],
  ] as const;

  inEveryWorld("keep every value in every tier", async (world) => {
    const texts = world.process().namespace<string>("text");
    expect(await texts.setMany(values)).toEqual({ status: "done" });
    for (const [id, value] of values) await world.everyTierHolds(texts, id, value);
  });

  withRemote("are what another process finds", async (world) => {
    await world.process().namespace<string>("text").setMany(values);
    expect(await world.process().namespace<string>("text").getMany(["b", "a", "c"])).toEqual(["B", "A", undefined]);
  });

  inEveryWorld("keep the later value of a key that stands there twice", async (world) => {
    const texts = world.process().namespace<string>("text");
    await texts.setMany([
      ["a", "first"],
      ["a", "second"],
    ]);
    await world.everyTierHolds(texts, "a", "second");
  });

  withRemote("keep nothing at all when one of them is refused", async (world) => {
    const numbers = world.process({ serializer: json }).namespace<unknown>("value");
    const refused = numbers.setMany([
      ["a", "fine"],
      ["b", 1n],
    ]);
    await expect(refused).rejects.toMatchObject({ code: "INVALID_VALUE" });
    await world.everyTierHolds(numbers, "a", undefined);
    expect(world.calls("write")).toBe(0);
  });

  withRemote("say so when a remote tier has not followed all of them", async (world) => {
    for (const tier of world.remotes) {
      tier.fail();
      const texts = world.process().namespace<string>("text");
      expect(await texts.setMany([["a", "A"]])).toEqual({ status: "queued" });
      expect(await texts.setMany([])).toEqual({ status: "done" });
      tier.heal();
    }
  });
});

describe.each(["deleteMany", "invalidateMany"] as const)("%s", (operation) => {
  inEveryWorld("reaches every running load, and each remote tier as one call", async (world) => {
    const loads = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const load = (id: string) => loads[id === "a" ? 0 : 1]?.promise ?? "never";
    const texts = world.process().namespace("text", { load });
    const reading = texts.getMany(["a", "b"]);
    await world.settled();
    expect(await texts[operation](["a", "b"])).toEqual({ status: "done" });
    for (const tier of world.remotes) expect(valuesIn(tier).removals).toEqual([["text:a", "text:b"]]);
    for (const each of loads) each.resolve("old");
    expect(await reading).toEqual(["old", "old"]);
    await world.settled();
    for (const id of ["a", "b"]) await world.everyTierHolds(texts, id, undefined);
  });

  inEveryWorld("of nothing does nothing", async (world) => {
    const texts = world.process().namespace<string>("text");
    expect(await texts[operation]([])).toEqual({ status: "done" });
    expect(world.calls("remove")).toBe(0);
  });

  inEveryWorld("of a bad key among good ones does nothing", async (world) => {
    const numbers = world.process().namespace<number, [id: number]>("n", { key: (id) => [id] });
    await numbers.set(1, 1);
    await expect(numbers[operation]([1, Number.NaN])).rejects.toMatchObject({ code: "INVALID_KEY" });
    await world.everyTierHolds(numbers, 1, 1);
  });
});

describe("a value that the serializer refuses", () => {
  const refusing = inWorlds("remote", "local");

  refusing("is returned and kept locally when it was loaded", async (world) => {
    let loads = 0;
    const load = () => ({ big: BigInt(++loads) });
    const users = world.process({ serializer: json }).namespace("user", { load });
    expect(await users.get("1")).toEqual({ big: 1n });
    expect(await users.get("1")).toEqual({ big: 1n });
    expect(world.observer.count("encode-failed")).toBe(1);
    expect(world.calls("write")).toBe(0);
  });

  withRemote("is refused when it is set, and changes nothing", async (world) => {
    const users = world.process({ serializer: json }).namespace<unknown>("user");
    await users.set("1", "before");
    await expect(users.set("1", { big: 1n })).rejects.toMatchObject({ code: "INVALID_VALUE" });
    await world.everyTierHolds(users, "1", "before");
  });
});
