import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";
import { valuesIn } from "../values-in.ts";

const inEveryWorld = inWorlds();
const withRemote = inWorlds("remote");

type Keys = readonly (readonly [id: string])[];

describe("a batch", () => {
  inEveryWorld("keeps the order, loads duplicates once, and loads all that is missing in one call", async (world) => {
    const loadMany = vi.fn((keys: readonly (readonly [id: number])[]) => keys.map(([id]) => id * 10));
    const scores = world.process().namespace("score", { key: (id: number) => [id], loadMany });
    await scores.set(2, 999);
    expect(await scores.getMany([3, 2, 1, 3])).toEqual([30, 999, 10, 30]);
    expect(loadMany).toHaveBeenCalledTimes(1);
    expect(loadMany.mock.calls[0]?.[0]).toEqual([[3], [1]]);
    await world.settled();
    expect(await scores.getMany([1, 3])).toEqual([10, 30]);
    expect(await scores.getMany([])).toEqual([]);
    expect(loadMany).toHaveBeenCalledTimes(1);
    await world.everyTierHolds(scores, 3, 30);
  });

  withRemote("asks each remote tier once for what the tiers above it lack, and loads once", async (world) => {
    const loadMany = vi.fn((keys: readonly (readonly [id: number])[]) => keys.map(([id]) => id));
    const declaration = { key: (id: number): [number] => [id], loadMany };
    await world.process().namespace("n", declaration).getMany([1, 2]);
    await world.settled();
    for (const tier of world.remotes) tier.clearCalls();
    expect(await world.process().namespace("n", declaration).getMany([3, 2, 1, 4, 3])).toEqual([3, 2, 1, 4, 3]);
    const missing = ["n:3", "n:4"];
    const asked = [["n:3", "n:2", "n:1", "n:4"], missing];
    expect(world.remotes.map((tier) => valuesIn(tier).reads)).toEqual(world.remotes.map((_, depth) => [asked[depth]]));
    expect(loadMany).toHaveBeenCalledTimes(2);
    expect(loadMany.mock.calls[1]?.[0]).toEqual([[3], [4]]);
  });

  inEveryWorld("joins the running loads of single reads, and lets single reads join its own", async (world) => {
    const answer = Promise.withResolvers<string>();
    const batch = Promise.withResolvers<string[]>();
    const load = vi.fn((_id: string) => answer.promise);
    const loadMany = vi.fn((_keys: Keys) => batch.promise);
    const users = world.process().namespace("user", { load, loadMany });
    const single = users.get("a");
    const many = users.getMany(["a", "b"]);
    const joining = users.get("b");
    await world.settled();
    answer.resolve("A");
    batch.resolve(["B"]);
    expect(await many).toEqual(["A", "B"]);
    expect(await single).toBe("A");
    expect(await joining).toBe("B");
    expect(load).toHaveBeenCalledTimes(1);
    expect(loadMany.mock.calls.map(([keys]) => keys)).toEqual([[["b"]]]);
    expect(world.observer.count("joined")).toBe(2);
  });

  inEveryWorld("loads each missing key by itself where there is no batch loader", async (world) => {
    const load = vi.fn(async (id: string) => id.toUpperCase());
    const users = world.process().namespace("user", { load });
    expect(await users.getMany(["a", "b", "a"])).toEqual(["A", "B", "A"]);
    expect(load).toHaveBeenCalledTimes(2);
  });

  inEveryWorld("is also what answers a single read where there is no single loader", async (world) => {
    const loadMany = vi.fn((keys: Keys) => keys.map(([id]) => `${id}!`));
    const users = world.process().namespace("user", { loadMany });
    expect(await Promise.all([users.get("a"), users.get("a")])).toEqual(["a!", "a!"]);
    expect(loadMany).toHaveBeenCalledTimes(1);
  });

  inEveryWorld("whose loader fails hands the failure to all who joined, and hangs nobody", async (world) => {
    const failure = new Error("origin is away");
    const users = world.process().namespace<number>("user", { loadMany: () => Promise.reject(failure) });
    const outcomes = await Promise.allSettled([users.getMany(["a", "b"]), users.get("b")]);
    expect(outcomes).toEqual([
      { status: "rejected", reason: failure },
      { status: "rejected", reason: failure },
    ]);
  });

  inEveryWorld("that may fail in parts gives each key its value or its own failure", async (world) => {
    const failure = new Error("b is away");
    const users = world.process().namespace<string>("user", {
      loadMany: (keys, { failed }) => keys.map(([id]) => (id === "b" ? failed(failure) : id)),
    });
    const fulfilled = (value: string) => ({ status: "fulfilled", value });
    expect(await users.getManySettled(["a", "b", "c", "b"])).toEqual([
      fulfilled("a"),
      { status: "rejected", reason: failure },
      fulfilled("c"),
      { status: "rejected", reason: failure },
    ]);
    await world.settled();
    await world.everyTierHolds(users, "a", "a");
    await world.everyTierHolds(users, "b", undefined);
  });

  inEveryWorld(
    "with one bad key is refused whole and leaves no flight behind that others would wait for",
    async (world) => {
      const users = world.process().namespace("user", { load: (id) => id });
      await expect(users.getMany(["a", "\ud800"])).rejects.toMatchObject({ code: "INVALID_KEY" });
      expect(await users.get("a")).toBe("a");
    },
  );
});

describe.each([
  ["too few values", [1], "1 values for 2 keys"],
  ["too many values", [1, 2, 3], "3 values for 2 keys"],
  ["no list", undefined, "no list for 2 keys"],
])("a batch whose loader returns %s", (_, returned, message) => {
  inEveryWorld("is refused, and nothing of it is kept", async (world) => {
    const users = world.process().namespace("user", { loadMany: () => returned as number[] });
    await expect(users.getMany(["a", "b"])).rejects.toThrow(message);
    await world.settled();
    await world.everyTierHolds(users, "a", undefined);
  });
});
