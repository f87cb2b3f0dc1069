import { cached } from "@tiercache/core";
import { describe, expect, vi } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();
const withIdentity = inWorlds("identity");

describe("a cached function", () => {
  inEveryWorld("is called once for the same arguments", async (world) => {
    const cache = world.process();
    const find = vi.fn(async (user: number, job: string) => ({ user, job }));
    const findMatch = cached(find, { cache, name: "match" });
    expect(await findMatch(1, "a")).toEqual({ user: 1, job: "a" });
    await world.settled();
    expect(await findMatch(1, "a")).toEqual({ user: 1, job: "a" });
    await findMatch(2, "a");
    expect(find.mock.calls.join(" ")).toBe("1,a 2,a");
  });

  inEveryWorld("is called anew once a tag of its arguments has been invalidated", async (world) => {
    const cache = world.process();
    const find = vi.fn(async (user: number, job: string) => ({ user, job }));
    const findMatch = cached(find, { cache, name: "match", tags: (user, job) => [`user:${user}`, `job:${job}`] });
    for (const user of [1, 2]) await findMatch(user, "a");
    await world.settled();
    await cache.invalidateTags(["user:1"]);
    for (const user of [1, 2]) await findMatch(user, "a");
    expect(find.mock.calls.join(" ")).toBe("1,a 2,a 1,a");
  });

  withIdentity("hands out the very result that is kept", async (world) => {
    const find = cached(async (id: string) => ({ id }), { cache: world.process(), name: "user" });
    const first = await find("1");
    expect(await find("1")).toBe(first);
  });

  inEveryWorld(
    "that was synchronous answers and fails by a promise, and keeps its name and number of parameters",
    async (world) => {
      const cache = world.process();
      const root = (n: number): number => {
        if (n < 0) throw new RangeError("below 0");
        return Math.sqrt(n);
      };
      const cachedRoot = cached(root, { cache, name: "root" });
      await expect(cachedRoot(9)).resolves.toBe(3);
      await expect(cachedRoot(-1)).rejects.toThrow(RangeError);
      expect([cachedRoot.name, cachedRoot.length]).toEqual(["root", 1]);
    },
  );

  inEveryWorld("without parameters has one result", async (world) => {
    const cache = world.process();
    const load = vi.fn(() => "report");
    const report = cached(load, { cache, name: "report" });
    expect(await report()).toBe("report");
    await world.settled();
    expect(await report()).toBe("report");
    expect(load).toHaveBeenCalledTimes(1);
    await report.namespace.invalidate();
    await report();
    expect(load).toHaveBeenCalledTimes(2);
  });

  inEveryWorld(
    "is told apart by what key makes of its arguments, and is called with the arguments themselves",
    async (world) => {
      const cache = world.process();
      const load = vi.fn((filter: { readonly city: string }, page?: number) => `${filter.city} ${page ?? 1}`);
      const jobs = cached(load, { cache, name: "jobs", key: ({ city }, page = 1) => [city, page] });
      const filter = { city: "Bern" };
      expect(await jobs(filter)).toBe("Bern 1");
      await world.settled();
      expect(await jobs({ city: "Bern" }, 1)).toBe("Bern 1");
      expect(load.mock.calls).toEqual([[filter]]);
      expect(load.mock.calls[0]?.[0]).toBe(filter);
    },
  );

  inEveryWorld("is called without this", async (world) => {
    const cache = world.process();
    function own(this: unknown): string {
      return this === undefined ? "nobody's" : "somebody's";
    }
    expect(await { whose: cached(own, { cache, name: "whose" }) }.whose()).toBe("nobody's");
  });

  inEveryWorld(
    "is called once for all who wait, who are given its error as it is, and the error is not kept",
    async (world) => {
      const cache = world.process();
      const failure = new Error("away");
      const load = vi.fn(async (id: string): Promise<string> => {
        if (load.mock.calls.length === 1) throw failure;
        return id;
      });
      const user = cached(load, { cache, name: "user" });
      const both = await Promise.allSettled([user("1"), user("1")]);
      expect(both.every((result) => result.status === "rejected" && result.reason === failure)).toBe(true);
      expect(load).toHaveBeenCalledTimes(1);
      expect(await user("1")).toBe("1");
    },
  );

  inEveryWorld("follows its rules", async (world) => {
    const cache = world.process();
    const load = vi.fn((id: string) => id);
    const user = cached(load, { cache, name: "user", ttlMs: 5 });
    await user("1");
    await world.settled();
    world.clock.advance(4);
    await user("1");
    expect(load).toHaveBeenCalledTimes(1);
    world.clock.advance(1);
    await user("1");
    expect(load).toHaveBeenCalledTimes(2);
  });

  inEveryWorld("shares what its namespace is told", async (world) => {
    const cache = world.process();
    const load = vi.fn((user: number, job: number) => user + job);
    const score = cached(load, { cache, name: "score" });
    await score.namespace.set([1, 2], 12);
    expect(await score(1, 2)).toBe(12);
    await world.everyTierHolds(score.namespace, [1, 2], 12);
    expect(await score.namespace.getMany([[1, 2]])).toEqual([12]);
    expect(load).not.toHaveBeenCalled();
    await score.namespace.delete(1, 2);
    expect(await score(1, 2)).toBe(3);
    expect(load.mock.calls).toEqual([[1, 2]]);
  });

  inEveryWorld(
    "refuses an argument that is no key part, as a caller without types or a map over a list may hand it",
    async (world) => {
      const cache = world.process();
      const load = vi.fn((id: string) => id);
      const user = cached(load, { cache, name: "user" });
      await expect(user({} as string)).rejects.toMatchObject({ code: "INVALID_KEY" });
      await expect(["1"].map(user)[0]).rejects.toMatchObject({ code: "INVALID_KEY" });
      expect(load).not.toHaveBeenCalled();
    },
  );
});
