import { type EntryOptions, type LoadingNamespace, minutes, seconds } from "@tiercache/core";
import type { ChaosTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { FencedFleet } from "./fenced-fleet.ts";

const RULES: EntryOptions = { ttlMs: minutes(10), staleIfErrorMs: minutes(60) };

let fleet: FencedFleet;
let version: number;
let loads: number;
let isFailing: boolean;

beforeEach(() => {
  fleet = new FencedFleet();
  version = 1;
  loads = 0;
  isFailing = false;
});

interface Process {
  readonly users: LoadingNamespace<[id: string], number>;
  readonly tier: ChaosTier;
}

function process(rules: EntryOptions = RULES): Process {
  const { cache, tier } = fleet.process();
  const load = (): number => {
    loads++;
    if (isFailing) throw new Error("the origin is away");
    return version;
  };
  return { users: cache.namespace("user", { load, tags: () => ["t"], ...rules }), tier };
}

/** Four processes that hold a key. */
async function holding(rules?: EntryOptions): Promise<readonly Process[]> {
  const all = Array.from({ length: 4 }, () => process(rules));
  for (const { users } of all) {
    await users.get("7");
    await fleet.settled();
  }
  loads = 0;
  version = 2;
  return all;
}

const ways = {
  invalidateTags: () => fleet.process().cache.invalidateTags(["t"]),
  deleteByTags: () => fleet.process().cache.deleteByTags(["t"]),
  invalidate: () => fleet.process().cache.namespace("user", RULES).invalidate("7"),
  "the end of its time to live": async () => fleet.clock.advance(minutes(11)),
};

describe.each(Object.keys(ways) as (keyof typeof ways)[])("after %s", (how) => {
  test("a thousand readers in four processes make one load, and are given what it brings", async () => {
    const processes = await holding();
    await ways[how]();
    await fleet.settled();
    const reads = processes.flatMap(({ users }) => Array.from({ length: 250 }, () => users.get("7")));
    expect(new Set(await Promise.all(reads))).toEqual(new Set([2]));
    expect(loads).toBe(1);
  });

  test("batches of four processes make one load a key", async () => {
    const processes = await holding();
    await ways[how]();
    await fleet.settled();
    const reads = processes.map(({ users }) => users.getMany([["7"], ["8"]]));
    expect(await Promise.all(reads)).toEqual(Array.from({ length: 4 }, () => [2, 2]));
    expect(loads).toBe(2);
  });
});

describe("a load of what has ended", () => {
  test.each(["invalidateTags", "invalidate"] as const)("that fails leaves what may answer after %s", async (how) => {
    await holding();
    await ways[how]();
    isFailing = true;
    for (const _ of [1, 2]) {
      expect(await process().users.read("7")).toMatchObject({ value: 1, stale: "load-failed" });
      await fleet.settled();
    }
    expect(loads).toBe(2);
    fleet.clock.advance(minutes(61));
    await expect(process().users.get("7")).rejects.toThrow("away");
  });

  test("that fails leaves nothing of what was deleted", async () => {
    await holding();
    await ways.deleteByTags();
    isFailing = true;
    await expect(process().users.get("7")).rejects.toThrow("away");
    await fleet.settled();
    expect(fleet.server.keys).not.toContain("user:7");
  });

  test("that takes long does not keep what may answer from others whose loads fail", async () => {
    await holding();
    await ways.invalidateTags();
    const { cache } = fleet.process();
    const slow = cache.namespace("user", { load: () => new Promise<number>(() => {}), tags: () => ["t"], ...RULES });
    void slow.get("7").catch(() => {});
    await fleet.settled();
    isFailing = true;
    const reading = process().users.read("7");
    for (let step = 0; step < 60; step++) {
      await fleet.settled();
      fleet.clock.advance(100);
    }
    expect(await reading).toMatchObject({ value: 1, stale: "load-failed" });
  });

  test("lets others answer with what may while it is refreshed", async () => {
    await holding({ ttlMs: minutes(10), staleWhileRevalidateMs: minutes(60) });
    fleet.clock.advance(minutes(11));
    const rules = { ttlMs: minutes(10), staleWhileRevalidateMs: minutes(60), tags: () => ["t"] };
    const slow = fleet.process().cache.namespace("user", { load: () => new Promise<number>(() => {}), ...rules });
    expect(await slow.read("7")).toMatchObject({ value: 1, stale: "revalidating" });
    await fleet.settled();
    expect(await process(rules).users.read("7")).toMatchObject({ value: 1, stale: "revalidating" });
  });

  test("does not bring back what it was to replace where that has been deleted meanwhile", async () => {
    await holding();
    await ways.invalidateTags();
    isFailing = true;
    const one = process();
    one.tier.hold("commit", "request");
    const reading = one.users.get("7").catch(() => {});
    await fleet.settled();
    await fleet.process().cache.namespace("user", RULES).delete("7");
    one.tier.release();
    await reading;
    await fleet.settled();
    expect(fleet.server.keys).not.toContain("user:7");
  });

  test("is kept by the frame's own revision where no lease could be asked for", async () => {
    const [one, other] = await holding();
    await ways.invalidateTags();
    await fleet.settled();
    one?.tier.fail(undefined, "acquire");
    expect(await one?.users.get("7")).toBe(2);
    await fleet.settled();
    expect(await other?.users.read("7")).toMatchObject({ value: 2, source: "memory" });
    expect(loads).toBe(1);
  });

  test("whose process dies is waited for no longer than any other", async () => {
    await holding();
    await ways.invalidateTags();
    const slow = fleet.process().cache.namespace("user", { load: () => new Promise<number>(() => {}), ...RULES });
    void slow.get("7").catch(() => {});
    await fleet.settled();
    const reading = process().users.get("7");
    for (let step = 0; step < 60; step++) {
      await fleet.settled();
      fleet.clock.advance(100);
    }
    expect(await reading).toBe(2);
  });

  test("whose process has died is waited for by nobody once its lease has run out", async () => {
    await holding();
    await ways.invalidateTags();
    const slow = fleet.process().cache.namespace("user", { load: () => new Promise<number>(() => {}), ...RULES });
    void slow.get("7").catch(() => {});
    await fleet.settled();
    fleet.clock.advance(seconds(31));
    const next = process();
    expect(await next.users.get("7")).toBe(2);
    await fleet.settled();
    expect(await process().users.read("7")).toMatchObject({ value: 2, source: "memory" });
    expect(loads).toBe(1);
  });

  test("that finds it unchanged makes it fresh for all", async () => {
    await holding();
    await ways.invalidate();
    const { cache } = fleet.process();
    const rules = { ...RULES, tags: () => ["t"] };
    const asking = cache.namespace("user", { load: (_id: string, { unchanged }) => unchanged(), ...rules });
    expect(await asking.get("7")).toBe(1);
    await fleet.settled();
    expect(await process().users.read("7")).toMatchObject({ value: 1, source: "memory", stale: undefined });
    fleet.clock.advance(seconds(1));
    expect(loads).toBe(0);
  });
});
