import { describe, expect } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withRemote = inWorlds("remote");

/** A loader whose loads end when told, counted from 0. */
function heldLoads() {
  const answers: PromiseWithResolvers<string>[] = [];
  const load = (): Promise<string> => {
    const next = Promise.withResolvers<string>();
    answers.push(next);
    return next.promise;
  };
  return { load, end: (index: number, value: string) => answers[index]?.resolve(value) };
}

describe.each(["delete", "invalidate"] as const)("%s during a load", (operation) => {
  inEveryWorld("is not undone by that load, which later readers do not join", async (world) => {
    const { load, end } = heldLoads();
    const users = world.process().namespace("user", { load });
    const before = users.get("1");
    await world.settled();
    await users[operation]("1");
    const after = users.get("1");
    await world.settled();
    end(1, "new");
    expect(await after).toBe("new");
    end(0, "old");
    expect(await before).toBe("old");
    await world.settled();
    await world.everyTierHolds(users, "1", "new");
    expect(world.observer.count("superseded")).toBe(1);
  });

  inEveryWorld("keeps what that load brings out of every tier", async (world) => {
    const { load, end } = heldLoads();
    const users = world.process().namespace("user", { load });
    const before = users.get("1");
    await world.settled();
    await users[operation]("1");
    const after = users.get("1");
    await world.settled();
    end(0, "old");
    expect(await before).toBe("old");
    await world.settled();
    await world.everyTierHolds(users, "1", undefined);
    end(1, "new");
    expect(await after).toBe("new");
    await world.settled();
    expect(await users.get("1")).toBe("new");
  });

  inEveryWorld("that has not begun yet is not undone by it either", async (world) => {
    const { load, end } = heldLoads();
    const users = world.process().namespace("user", { load });
    const before = users.get("1");
    await users[operation]("1");
    await world.settled();
    end(0, "old");
    expect(await before).toBe("old");
    await world.settled();
    await world.everyTierHolds(users, "1", undefined);
  });
});

describe("a set during a load", () => {
  inEveryWorld("is not overwritten by that load", async (world) => {
    const { load, end } = heldLoads();
    const users = world.process().namespace("user", { load });
    const reading = users.get("1");
    await world.settled();
    await users.set("1", "set");
    end(0, "loaded");
    expect(await reading).toBe("loaded");
    await world.settled();
    await world.everyTierHolds(users, "1", "set");
  });
});

describe.each(["delete", "invalidate"] as const)("%s", (operation) => {
  withRemote("while a remote read is on its way is not undone by what that read brings", async (world) => {
    const [nearest] = world.remotes;
    await world
      .process()
      .namespace("user", { load: () => "old" })
      .get("1");
    await world.settled();
    const users = world.process().namespace("user", { load: () => "new" });
    nearest?.hold("read");
    const reading = users.get("1");
    await world.settled();
    expect(await users[operation]("1")).toEqual({ status: "done" });
    nearest?.release();
    expect(await reading).toBe("old");
    await world.settled();
    await world.everyTierHolds(users, "1", undefined);
    expect(await users.get("1")).toBe("new");
  });

  withRemote("is not undone by a read that fetched the old value before the tiers had followed", async (world) => {
    const users = world.process().namespace("user", { load: () => "new" });
    await users.set("1", "old");
    for (const tier of world.remotes) tier.hold("remove", "request");
    const removing = users[operation]("1");
    expect(await users.get("1")).toBe("old");
    for (const tier of world.remotes) tier.release();
    await removing;
    await world.everyTierHolds(users, "1", undefined);
    expect(await users.get("1")).toBe("new");
  });

  withRemote("that the farthest tier is slow to follow is not undone by a read meanwhile", async (world) => {
    const users = world.process().namespace("user", { load: () => "new" });
    await users.set("1", "old");
    const farthest = world.remotes.at(-1);
    farthest?.hold("remove", "request");
    const removing = users[operation]("1");
    await users.get("1");
    await world.settled();
    farthest?.release();
    expect(await removing).toEqual({ status: "done" });
    await world.everyTierHolds(users, "1", undefined);
  });
});

describe("a set", () => {
  withRemote("while a removal is on its way stays", async (world) => {
    const users = world.process().namespace<string>("user");
    await users.set("1", "old");
    for (const tier of world.remotes) tier.hold("remove");
    const deleting = users.delete("1");
    await users.set("1", "new");
    for (const tier of world.remotes) tier.release();
    await deleting;
    await world.everyTierHolds(users, "1", "new");
  });

  withRemote("is not undone by a lookup that was on its way", async (world) => {
    const [nearest] = world.remotes;
    await world.process().namespace<string>("user").set("1", "old");
    const users = world.process().namespace<string>("user");
    await users.get("before");
    nearest?.hold("read");
    const looking = users.get("1");
    await nearest?.whenHeld(1);
    await users.set("1", "new");
    nearest?.release();
    expect(await looking).toBe("old");
    await world.settled();
    await world.everyTierHolds(users, "1", "new");
  });
});

describe("a load", () => {
  withRemote("is not undone by a lookup that was on its way", async (world) => {
    const [nearest] = world.remotes;
    await world.process().namespace<string>("user").set("1", "old");
    const users = world.process().namespace("user", { load: () => "new" });
    await users.get("before");
    nearest?.hold("read");
    const looking = users.read("1", { from: "cached" });
    await nearest?.whenHeld(1);
    expect(await users.read("1", { from: "load" })).toMatchObject({ value: "new", source: "loader" });
    nearest?.release();
    expect((await looking).value).toBe("old");
    await world.settled();
    await world.everyTierHolds(users, "1", "new");
  });
});
