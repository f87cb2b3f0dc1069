import { createCache, minutes, seconds } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { manualClock, memoryTier, recordingObserver } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { ListsAndScores } from "./lists-and-scores.ts";

let fleet: ListsAndScores;

beforeEach(() => {
  fleet = new ListsAndScores();
});

describe("what a loader has learned of another key", () => {
  test("answers in this process as soon as the loader has", async () => {
    const { lists, scores } = await fleet.listing();
    await lists.get(7);
    expect(scores.peek(7, 1)).toEqual({ jobId: 1, version: 1 });
    expect(await scores.read([7, 2])).toMatchObject({ source: "lru", ageMs: 0 });
    expect(fleet.scoreLoads).toBe(0);
  });

  test("answers in another process too, though nobody had met its tags before", async () => {
    const [one, other] = [await fleet.listing(), await fleet.listing()];
    await one.lists.get(7);
    await fleet.settled();
    expect(await other.scores.read([7, 1])).toMatchObject({ source: "memory", value: { version: 1 } });
    expect(fleet.scoreLoads).toBe(0);
  });

  test("takes the place of what has ended", async () => {
    const [one, other] = [await fleet.listing(), await fleet.listing()];
    await one.lists.get(7);
    await fleet.settled();
    fleet.version = 2;
    await one.cache.invalidateTags(["user:7"]);
    fleet.clock.advance(1);
    await one.lists.get(7);
    await fleet.settled();
    expect(await other.scores.read([7, 1])).toMatchObject({ source: "memory", value: { version: 2 } });
    expect(fleet.scoreLoads).toBe(0);
  });

  test("ends with its own tags, wherever it lies", async () => {
    const [one, other] = [await fleet.listing(), await fleet.listing()];
    await one.lists.get(7);
    await fleet.settled();
    fleet.version = 2;
    await other.cache.invalidateTags(["job:1"]);
    await fleet.settled();
    expect(one.scores.peek(7, 1)).toBeUndefined();
    expect(one.scores.peek(7, 2)).toMatchObject({ version: 1 });
    expect(await one.scores.get(7, 1)).toMatchObject({ version: 2 });
  });

  test("leaves what is fresh as it is", async () => {
    const { lists, scores } = await fleet.listing();
    const set = { jobId: 1, version: 100 };
    await scores.set([7, 1], set);
    fleet.clock.advance(1);
    await lists.get(7);
    await fleet.settled();
    expect(scores.peek(7, 1)).toEqual(set);
    const other = await fleet.listing();
    expect(await other.scores.get(7, 1)).toEqual(set);
  });

  test("leaves the key to a load of its own that is running", async () => {
    const { cache } = await fleet.listing();
    const slow = Promise.withResolvers<string>();
    const names = cache.namespace("name", { load: () => slow.promise });
    const pages = cache.namespace("page", {
      load: (id, { keepAlso }) => {
        keepAlso(names, id, "learned");
        return id;
      },
    });
    const loading = names.get("a");
    await fleet.settled();
    await pages.get("a");
    expect(names.peek("a")).toBeUndefined();
    slow.resolve("loaded");
    expect(await loading).toBe("loaded");
    expect(names.peek("a")).toBe("loaded");
  });

  test("counts as no read and no load", async () => {
    const { lists, scores } = await fleet.listing();
    await lists.get(7);
    await fleet.settled();
    expect(scores.stats().total).toMatchObject({ hits: 0, misses: 0, loads: 0 });
    expect(fleet.observer.of("miss")).toEqual([{ type: "miss", namespace: "list" }]);
    expect(fleet.observer.of("loaded")).toMatchObject([{ namespace: "list", keys: 1 }]);
    // Somebody else looks whether it is there already, and finds it.
    const other = await fleet.listing();
    await other.lists.read([7], { from: "load" });
    await fleet.settled();
    expect(fleet.observer.count("hit")).toBe(0);
  });

  test("lives by the rules of its namespace", async () => {
    const { cache } = fleet.process();
    const scores = cache.namespace("score", { load: () => "loaded", ttlMs: seconds(1) });
    const pages = cache.namespace("page", {
      load: (id, { keepAlso, keepFor }) => {
        keepFor(minutes(5));
        keepAlso(scores, id, "learned");
        return id;
      },
    });
    await fleet.settled();
    await pages.get("a");
    await fleet.settled();
    expect(await scores.get("a")).toBe("learned");
    fleet.clock.advance(seconds(1));
    expect(await scores.get("a")).toBe("loaded");
    await cache.close();
  });

  test("is not kept where the loader throws after all", async () => {
    const { cache, scores } = await fleet.listing();
    const pages = cache.namespace("page", {
      load: (id, { keepAlso }) => {
        keepAlso(scores, [7, 1], { jobId: 1, version: 1 });
        throw new Error(id);
      },
    });
    await expect(pages.get("away")).rejects.toThrow("away");
    expect(scores.peek(7, 1)).toBeUndefined();
  });

  test("may be of the loader's own namespace, and of a batch", async () => {
    const clock = manualClock();
    const cache = createCache({ tiers: [lru()], clock });
    const users = cache.namespace("user", {
      loadMany: (keys, { keepAlso }) => {
        keepAlso(users, "c", "also");
        return keys.map(([id]) => id);
      },
    });
    expect(await users.getMany(["a", "b"])).toEqual(["a", "b"]);
    expect(users.peek("c")).toBe("also");
    expect(await users.get("d")).toBe("d");
    await cache.close();
  });

  test("is a copy where its namespace clones", async () => {
    const { cache, tier } = fleet.process();
    const lists = cache.namespace<string[]>("list", { isolate: "clone" });
    const pages = cache.namespace("page", {
      isolate: "share",
      load: (id, { keepAlso }) => {
        const list = [id];
        keepAlso(lists, id, list);
        return list;
      },
    });
    await fleet.settled();
    tier.hold("read");
    const reading = pages.get("a");
    await fleet.settled();
    tier.heldCalls[0]?.release();
    (await reading).push("changed");
    tier.release();
    await fleet.settled();
    expect(await lists.get("a")).toEqual(["a"]);
    expect(await fleet.process().cache.namespace("list").get("a")).toEqual(["a"]);
  });
});

describe("a loader that has learned what cannot be kept is told so", () => {
  const noKey = {} as unknown as string;
  const promised = Promise.resolve("a") as unknown as string;

  test.each([
    { what: "a key that is none", code: "INVALID_KEY", key: noKey, value: "value" },
    { what: "a promise", code: "INVALID_VALUE", key: "a", value: promised },
  ])("by $what", async ({ code, key, value }) => {
    const cache = createCache({ tiers: [lru()] });
    const names = cache.namespace<string>("name");
    const pages = cache.namespace("page", {
      load: (id, { keepAlso }) => {
        keepAlso(names, key, value);
        return id;
      },
    });
    await expect(pages.get("a")).rejects.toMatchObject({ code });
    await cache.close();
  });

  test("by a namespace of another cache, or something else", async () => {
    const [cache, other] = [createCache({ tiers: [lru()] }), createCache({ tiers: [lru()] })];
    const names = other.namespace<string>("name");
    const given = { theirs: names, something: {} as typeof names, nothing: undefined as unknown as typeof names };
    const pages = cache.namespace("page", {
      load: (id, { keepAlso }) => keepAlso(given[id as keyof typeof given], "a", "b"),
    });
    for (const id of Object.keys(given)) {
      const message = expect.stringContaining("allowed is a namespace of the same cache");
      await expect(pages.get(id)).rejects.toMatchObject({ code: "INVALID_OPTION", message });
    }
    await Promise.all([cache.close(), other.close()]);
  });
});

test("in front of a tier without a bus it is kept in this process alone, and once its tags are known", async () => {
  const [clock, observer] = [manualClock(), recordingObserver()];
  const shared = memoryTier({ clock });
  const cache = createCache({ tiers: [lru(), shared], clock, observer, ttlMs: minutes(1) });
  const { lists, scores } = fleet.declared(cache);
  await lists.get(7);
  await cache.drain();
  expect(scores.peek(7, 1)).toBeUndefined();
  expect(observer.of("not-kept")).toEqual(
    [1, 2].map(() => ({ type: "not-kept", namespace: "score", why: "late-tags" })),
  );
  clock.advance(minutes(1));
  await lists.get(7);
  await cache.drain();
  expect(scores.peek(7, 1)).toMatchObject({ version: 1 });
  expect((await scores.explain(7, 1)).tiers).toMatchObject([{ holds: "fresh" }, { holds: "nothing" }]);
  await cache.close();
});
