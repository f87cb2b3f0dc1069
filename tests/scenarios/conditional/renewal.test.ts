import { type CacheOptions, json, type LoaderContext, minutes, type Serializer } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { msgpack } from "@tiercache/msgpack";
import { type ChaosTier, chaos, memoryTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { Fleet } from "../l1-l2/fleet.ts";
import { Origin } from "./origin.ts";
import { withoutRenewal } from "./without-renewal.ts";

let fleet: Fleet;
let origin: Origin;

beforeEach(() => {
  fleet = new Fleet();
  origin = new Origin();
});

const rules = { ttlMs: 100, staleIfErrorMs: 1_000 };

/** The pages of one more process, whose loader is the origin's. */
function pagesOf(options: Partial<CacheOptions> = {}) {
  return fleet.process(options).namespace("page", { load: origin.load, ...rules });
}

/** What the shared tier was asked to do, beside reads. */
function sent({ writes, renewals }: ChaosTier): {
  readonly writes: readonly string[];
  readonly renewals: readonly string[];
} {
  return { writes, renewals };
}

/** Loads a page, lets it grow stale everywhere, and forgets what the shared tier was asked to do. */
async function staleEverywhere(pages = pagesOf()): Promise<void> {
  await pages.get("a");
  await fleet.settled();
  fleet.clock.advance(150);
  fleet.shared.clearCalls();
}

describe.each<[string, Serializer]>([
  ["json", json],
  ["msgpack", msgpack()],
])("a remote tier that holds by %s what is found unchanged", (_, serializer) => {
  test("is told so without being sent it again, and every process has it for another life", async () => {
    const pages = pagesOf({ serializer });
    await staleEverywhere(pages);
    expect(await pages.get("a")).toBe("a v1");
    await fleet.settled();
    expect(sent(fleet.shared)).toEqual({ writes: [], renewals: ["page:a"] });
    fleet.clock.advance(99);
    expect(await pagesOf({ serializer }).read("a")).toMatchObject({ value: "a v1", source: "memory", ageMs: 99 });
    fleet.clock.advance(1);
    await pagesOf({ serializer }).get("a");
    expect(origin.asked.map((stale) => stale?.ageMs)).toEqual([undefined, 150, 100]);
  });

  test("is told so by a process that never held it itself, also where nothing names the version", async () => {
    origin.namesVersions = false;
    await staleEverywhere(pagesOf({ serializer }));
    expect(await pagesOf({ serializer }).get("a")).toBe("a v1");
    await fleet.settled();
    expect(sent(fleet.shared)).toEqual({ writes: [], renewals: ["page:a"] });
  });

  test("is told so for each key of a batch that it is true of", async () => {
    const rulesOfBatch = { loadMany: origin.loadMany, ...rules };
    const pages = fleet.process({ serializer }).namespace("page", rulesOfBatch);
    await pages.getMany(["a", "b"]);
    await fleet.settled();
    fleet.clock.advance(150);
    fleet.shared.clearCalls();
    expect(await fleet.process({ serializer }).namespace("page", rulesOfBatch).getMany(["c", "b", "a"])).toEqual([
      "c v1",
      "b v1",
      "a v1",
    ]);
    await fleet.settled();
    expect(sent(fleet.shared)).toEqual({ writes: ["page:c"], renewals: ["page:b", "page:a"] });
    expect(fleet.observer.count("unchanged")).toBe(2);
    fleet.clock.advance(99);
    expect(await fleet.process({ serializer }).namespace("page").getMany(["a", "b"])).toEqual(["a v1", "b v1"]);
  });

  test("prolongs that there is nothing, too", async () => {
    const load = (_id: string, { stale, unchanged }: LoaderContext) => (stale === undefined ? undefined : unchanged());
    const declaration = { load, ...rules, negativeTtlMs: 20 };
    await fleet.process({ serializer }).namespace("maybe", declaration).get("a");
    await fleet.settled();
    fleet.clock.advance(20);
    fleet.shared.clearCalls();
    await fleet.process({ serializer }).namespace("maybe", declaration).get("a");
    await fleet.settled();
    expect(sent(fleet.shared)).toEqual({ writes: [], renewals: ["maybe:a"] });
    fleet.clock.advance(19);
    const elsewhere = fleet.process({ serializer }).namespace("maybe");
    expect(await elsewhere.read("a")).toMatchObject({ value: undefined, source: "memory", ageMs: 19 });
  });
});

describe("what is found unchanged is sent whole", () => {
  test("to a tier that cannot prolong", async () => {
    const shared = chaos(withoutRenewal(memoryTier({ clock: fleet.clock })));
    await staleEverywhere(pagesOf({ tiers: [lru(), shared] }));
    shared.clearCalls();
    await pagesOf({ tiers: [lru(), shared] }).get("a");
    await fleet.settled();
    expect(sent(shared)).toEqual({ writes: ["page:a"], renewals: [] });
    fleet.clock.advance(99);
    expect(await pagesOf({ tiers: [lru(), shared] }).read("a")).toMatchObject({ value: "a v1", source: "memory" });
  });

  test("with its new etag, where the loader has said one", async () => {
    const pages = pagesOf();
    await staleEverywhere(pages);
    await fleet
      .process()
      .namespace("page", {
        ...rules,
        load: (_id, { setEtag, unchanged }): string => {
          setEtag("renamed");
          return unchanged();
        },
      })
      .get("a");
    await fleet.settled();
    expect(sent(fleet.shared)).toEqual({ writes: ["page:a"], renewals: [] });
    expect((await pagesOf().explain("a")).tiers[1]).toMatchObject({ holds: "fresh", etag: "renamed" });
  });

  test.each([true, false])("to a tier that holds another version, be they named (%o) or not", async (namesVersions) => {
    origin.namesVersions = namesVersions;
    const behind = { ...rules, staleWhileRevalidateMs: 1_000 };
    const here = fleet.process().namespace("page", { load: origin.load, ...behind });
    await here.get("a");
    await fleet.settled();
    await fleet.process().namespace<string>("page", behind).set("a", "another");
    fleet.clock.advance(150);
    fleet.shared.clearCalls();
    expect(await here.get("a")).toBe("a v1");
    await fleet.settled();
    expect(origin.asked[1]).toMatchObject({ value: "a v1", etag: namesVersions ? '"1"' : undefined });
    expect(sent(fleet.shared)).toEqual({ writes: ["page:a"], renewals: [] });
    expect(await pagesOf().get("a")).toBe("a v1");
  });

  test("to a tier that had nothing any more", async () => {
    const pages = pagesOf();
    await staleEverywhere(pages);
    await fleet.shared.remove(["page:a"], { signal: new AbortController().signal });
    await pages.get("a");
    await fleet.settled();
    expect(sent(fleet.shared)).toEqual({ writes: ["page:a"], renewals: [] });
    expect(await pagesOf().get("a")).toBe("a v1");
  });

  test("to the one of two tiers that lost it, while the other one is only told", async () => {
    const near = chaos(memoryTier({ clock: fleet.clock, name: "near" }));
    const tiers = [lru(), near, fleet.shared] as const;
    await staleEverywhere(pagesOf({ tiers }));
    await near.remove(["page:a"], { signal: new AbortController().signal });
    near.clearCalls();
    await pagesOf({ tiers: [near, fleet.shared] }).get("a");
    await fleet.settled();
    expect([sent(near), sent(fleet.shared)]).toEqual([
      { writes: ["page:a"], renewals: [] },
      { writes: [], renewals: ["page:a"] },
    ]);
  });
});

describe("between the read and the renewal", () => {
  /** Lets a process find its page unchanged, and does something else before the shared tier hears of that. */
  async function meanwhile(act: () => Promise<unknown>): Promise<void> {
    await staleEverywhere();
    fleet.shared.hold("renew", "request");
    expect(await pagesOf().get("a")).toBe("a v1");
    await fleet.shared.whenHeld(1);
    await act();
    await fleet.settled();
    fleet.shared.release();
    await fleet.settled();
  }

  const inSharedTier = async (): Promise<unknown> =>
    (await fleet.process().namespace<string>("page", rules).read("a")).value;

  test("what another process writes stays", async () => {
    await meanwhile(() => fleet.process().namespace<string>("page", rules).set("a", "newer"));
    expect(await inSharedTier()).toBe("newer");
  });

  test("what another process removes or invalidates is not given back", async () => {
    await meanwhile(() => fleet.process().namespace<string>("page", rules).invalidate("a"));
    expect(await inSharedTier()).toBeUndefined();
  });

  test("what another process loads stays, and so does the life it gives", async () => {
    await meanwhile(() => {
      origin.version = 2;
      return fleet
        .process()
        .namespace("page", { load: origin.load, ttlMs: minutes(5) })
        .read("a", { from: "load" });
    });
    fleet.clock.advance(minutes(4));
    expect(await inSharedTier()).toBe("a v2");
  });

  test("what the same process removes stays removed, in all of its tiers", async () => {
    await staleEverywhere();
    const pages = pagesOf();
    fleet.shared.hold("renew", "request");
    await pages.get("a");
    await fleet.shared.whenHeld(1);
    expect(await pages.invalidate("a")).toEqual({ status: "done" });
    fleet.shared.release();
    await fleet.settled();
    expect(pages.peek("a")).toBeUndefined();
    expect(await inSharedTier()).toBeUndefined();
  });
});

test("a tier that fails to be told is reported, and nobody waits for it", async () => {
  const pages = pagesOf();
  await staleEverywhere(pages);
  fleet.shared.fail(new Error("connection lost"), "renew");
  expect(await pages.get("a")).toBe("a v1");
  await fleet.settled();
  expect(fleet.observer.of("tier-failed")).toMatchObject([{ tier: "memory", operation: "renew" }]);
  expect(sent(fleet.shared).writes).toEqual([]);
  fleet.clock.advance(99);
  expect(pages.peek("a")).toBe("a v1");
});
