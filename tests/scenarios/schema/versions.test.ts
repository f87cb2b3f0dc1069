import type { LoaderContext } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { msgpack } from "@tiercache/msgpack";
import { chaos, memoryTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { valuesIn } from "../values-in.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const rules = { ttlMs: 100, staleIfErrorMs: 10_000 };

/** The jobs of one more process whose code is of the given version, and its loader. */
function jobsOf(schemaVersion: number, options: Record<string, unknown> = {}) {
  const load = vi.fn((_id: string): string => `by version ${schemaVersion}`);
  return { load, jobs: fleet.process().namespace<string>("job", { load, schemaVersion, ...rules, ...options }) };
}

const rejections = (): readonly string[] => fleet.observer.of("frame-rejected").map(({ reason }) => reason);

/** Which version wrote what the shared tier holds, fresh or not: told by the newest there is, which reads what all wrote. */
async function writer(): Promise<unknown> {
  const newest = fleet.process({ tiers: [fleet.shared], observer: { on: () => {} } }).namespace<unknown>("job", {
    schemaVersion: 65_535,
    migrate: (old) => old,
    load: (_id, { stale }) => stale?.value,
  });
  return (await newest.read("1", { skipWriting: ["memory"] })).value;
}

describe("what an older version of a namespace wrote", () => {
  test("is a miss for the newer one, which replaces it", async () => {
    await jobsOf(1).jobs.get("1");
    await fleet.settled();
    const { jobs, load } = jobsOf(2);
    expect(await jobs.get("1")).toBe("by version 2");
    await fleet.settled();
    expect(rejections()).toEqual(["schema-mismatch"]);
    expect(load).toHaveBeenCalledTimes(1);
    expect(await writer()).toBe("by version 2");
  });
});

describe("what a newer version of a namespace wrote", () => {
  /** Each of these has the older version bring a value that it would leave in the tiers. */
  const fills: Readonly<Record<string, () => Promise<unknown>>> = {
    "a load": () => jobsOf(1).jobs.get("1"),
    "a batch": () =>
      fleet
        .process()
        .namespace("job", { ...rules, schemaVersion: 1, loadMany: (keys) => keys.map(() => "by version 1") })
        .getMany(["1"]),
    "a load of one call": () =>
      fleet
        .process()
        .namespace<string>("job", { ...rules, schemaVersion: 1 })
        .getOrLoad("1", () => "by version 1"),
    "a load that is not to be kept": () =>
      jobsOf(1, {
        load: (_id: string, { keepFor }: LoaderContext) => {
          keepFor(0);
          return "by version 1";
        },
      }).jobs.get("1"),
    "a read that may not load": () => fleet.process().namespace("job", { schemaVersion: 1 }).get("1"),
  };

  test.each(Object.entries(fills))("is a miss for the older one and left where it is by %s", async (_kind, fill) => {
    await jobsOf(2).jobs.get("1");
    await fleet.settled();
    fleet.shared.clearCalls();
    expect(String(await fill())).not.toContain("version 2");
    await fleet.settled();
    expect(rejections()).toEqual(["newer-schema"]);
    expect([valuesIn(fleet.shared).writes, valuesIn(fleet.shared).renewals, valuesIn(fleet.shared).removals]).toEqual([
      [],
      [],
      [],
    ]);
    expect(await writer()).toBe("by version 2");
  });

  test.each([
    ["serves a stale value meanwhile", { staleWhileRevalidateMs: 1_000 }, 120],
    ["comes before the end of freshness", { refreshAhead: 0.5 }, 60],
  ])("is left where it is by a refresh of the older one that %s", async (_kind, options, afterMs) => {
    const old = jobsOf(1, options);
    await old.jobs.get("1");
    await fleet.settled();
    await jobsOf(2).jobs.get("1");
    await fleet.settled();
    fleet.clock.advance(afterMs);
    fleet.shared.clearCalls();
    await old.jobs.get("1");
    await fleet.settled();
    expect(old.load).toHaveBeenCalledTimes(2);
    expect([valuesIn(fleet.shared).writes, valuesIn(fleet.shared).renewals]).toEqual([[], []]);
    expect(await writer()).toBe("by version 2");
  });

  test("is left where it is by an older one that finds its own value unchanged, or not to be kept", async () => {
    for (const ttlMs of [1_000, 0]) {
      const load = (_id: string, { stale, keepFor, unchanged }: LoaderContext): string => {
        if (stale === undefined) return "by version 1";
        keepFor(ttlMs);
        return unchanged();
      };
      const old = jobsOf(1, { load });
      await old.jobs.get("1");
      await fleet.settled();
      await jobsOf(2).jobs.get("1");
      await fleet.settled();
      fleet.clock.advance(100);
      fleet.shared.clearCalls();
      expect(await old.jobs.get("1")).toBe("by version 1");
      await fleet.settled();
      expect([valuesIn(fleet.shared).writes, valuesIn(fleet.shared).renewals, valuesIn(fleet.shared).removals]).toEqual(
        [[], [], []],
      );
      await jobsOf(2).jobs.delete("1");
    }
    expect(fleet.observer.count("unchanged")).toBe(1);
    expect(fleet.observer.count("not-kept")).toBe(1);
  });

  test("is left in a nearer tier by what the older one finds in a farther one", async () => {
    const near = chaos(memoryTier({ clock: fleet.clock, name: "near" }));
    await jobsOf(1).jobs.get("1");
    await fleet.settled();
    const newer = fleet.process({ tiers: [near] }).namespace<string>("job", { schemaVersion: 2, ...rules });
    await newer.set("1", "by version 2");
    near.clearCalls();
    const old = fleet.process({ tiers: [lru(), near, fleet.shared] }).namespace("job", { schemaVersion: 1, ...rules });
    expect(await old.get("1")).toBe("by version 1");
    await fleet.settled();
    expect(valuesIn(near).writes).toEqual([]);
    expect(await newer.get("1")).toBe("by version 2");
  });

  test.each<[string, (old: ReturnType<typeof jobsOf>["jobs"]) => Promise<unknown>, string | undefined]>([
    ["set", (old) => old.set("1", "by hand"), "by hand"],
    ["delete", (old) => old.delete("1"), undefined],
    ["invalidate", (old) => old.invalidate("1"), undefined],
    ["a read that insists on a new load", (old) => old.read("1", { from: "load" }), "by version 1"],
  ])("is replaced or removed by the older one's explicit %s", async (_kind, write, left) => {
    await jobsOf(2).jobs.get("1");
    await fleet.settled();
    await write(jobsOf(1).jobs);
    await fleet.settled();
    expect(await writer()).toBe(left);
  });
});

describe("two versions side by side", () => {
  test("each answer with their own values, with one load a life, and the newer one has the shared tier", async () => {
    const [old, newer] = [jobsOf(1), jobsOf(2)];
    for (let round = 0; round < 20; round++) {
      for (let read = 0; read < 5; read++) {
        expect(await old.jobs.get("1")).toBe("by version 1");
        await fleet.settled();
        expect(await newer.jobs.get("1")).toBe("by version 2");
        await fleet.settled();
      }
      fleet.clock.advance(100);
    }
    expect(old.load).toHaveBeenCalledTimes(20);
    expect(newer.load).toHaveBeenCalledTimes(20);
    // The older one's first, before there was anything newer, and then the newer one's alone.
    expect(valuesIn(fleet.shared).writes).toHaveLength(21);
    expect(await writer()).toBe("by version 2");
  });

  test("of which the older one starts later cost a load a life each, too", async () => {
    const newer = jobsOf(2);
    await newer.jobs.get("1");
    await fleet.settled();
    const old = jobsOf(1);
    for (let round = 0; round < 10; round++) {
      await Promise.all([old.jobs.get("1"), newer.jobs.get("1")]);
      await fleet.settled();
      fleet.clock.advance(100);
    }
    expect(old.load).toHaveBeenCalledTimes(10);
    expect(newer.load).toHaveBeenCalledTimes(10);
    expect(valuesIn(fleet.shared).writes).toHaveLength(10);
  });

  test("of which the newer one has another serializer do not replace each other's values in turn", async () => {
    const [old, newer] = [jobsOf(1), jobsOf(2, { serializer: msgpack() })];
    for (let round = 0; round < 5; round++) {
      await old.jobs.get("1");
      await fleet.settled();
      await newer.jobs.get("1");
      await fleet.settled();
      fleet.clock.advance(100);
    }
    expect(valuesIn(fleet.shared).writes).toHaveLength(6);
    expect(new Set(rejections())).toEqual(new Set(["other-serializer", "newer-schema"]));
  });

  test("with a migration cost the newer one no load while the older one's value is fresh", async () => {
    const old = jobsOf(1);
    await old.jobs.get("1");
    await fleet.settled();
    const newer = jobsOf(2, { migrate: (value: string) => `${value}, mended` });
    expect(await newer.jobs.get("1")).toBe("by version 1, mended");
    expect(newer.load).not.toHaveBeenCalled();
    fleet.clock.advance(100);
    expect(await newer.jobs.get("1")).toBe("by version 2");
    expect(await old.jobs.get("1")).toBe("by version 1");
    await fleet.settled();
    expect(await writer()).toBe("by version 2");
  });

  test.each([
    [1, 2],
    [2, 1],
  ])("agree that there is nothing: what version %i says of that, version %i believes", async (says, hears) => {
    await fleet
      .process()
      .namespace("job", { schemaVersion: says, load: () => undefined, ...rules })
      .get("1");
    await fleet.settled();
    const { jobs, load } = jobsOf(hears);
    expect(await jobs.read("1")).toMatchObject({ value: undefined, source: "memory" });
    expect(load).not.toHaveBeenCalled();
    expect(rejections()).toEqual([]);
  });
});
