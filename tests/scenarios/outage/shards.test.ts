import {
  type Cache,
  createCache,
  guard,
  type LoadingNamespace,
  minutes,
  type Policy,
  type RemoteTier,
} from "@tiercache/core";
import { lru } from "@tiercache/lru";
import {
  chaos,
  type ManualClock,
  type MemoryServer,
  manualClock,
  memoryServer,
  recordingObserver,
} from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";
import { type ShardedTier, sharded } from "./sharded-tier.ts";

let clock: ManualClock;
let server: MemoryServer;
let shards: ShardedTier;
let observer: ReturnType<typeof recordingObserver>;
let cache: Cache;
let users: LoadingNamespace<[id: string], string>;
let version: number;

beforeEach(() => {
  clock = manualClock();
  server = memoryServer({ clock });
  shards = sharded(server.tier());
  observer = recordingObserver();
  version = 1;
  cache = process(shards.tier);
  users = usersOf(cache);
});

function process(tier: RemoteTier = sharded(server.tier(), shards.away).tier): Cache {
  const horizonMs = Number.POSITIVE_INFINITY;
  return createCache({ tiers: [lru(), tier], clock, observer, ttlMs: minutes(10), horizonMs });
}

function usersOf(of: Cache): LoadingNamespace<[id: string], string> {
  return of.namespace("user", { load: (id) => `${id} v${version}` });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

async function passes(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    clock.advance(50);
    await settled();
  }
}

/** Where reads of the tiers below the local one are answered from. */
async function sources(...ids: readonly string[]): Promise<readonly (string | undefined)[]> {
  const readings = await Promise.all(ids.map((id) => users.read(id, { skipReading: ["lru"] })));
  return readings.map(({ source }) => source);
}

function statesOfBreaker(): readonly string[] {
  return observer.of("breaker-changed").map(({ state }) => state);
}

describe("while one shard of a tier is away", () => {
  beforeEach(async () => {
    await users.getMany(["1-a", "1-b", "2-a", "2-b"]);
    await settled();
    shards.away.add("a");
    shards.calls.length = 0;
  });

  test("keys of the others are read there, also in the tick and in the batch of one that cannot be", async () => {
    expect(await sources("1-a", "1-b", "2-a", "2-b")).toEqual(["loader", "memory", "loader", "memory"]);
    observer.clear();
    const other = usersOf(process());
    expect(await other.getMany(["1-a", "1-b", "2-b"])).toEqual(["1-a v1", "1-b v1", "2-b v1"]);
    expect(observer.of("hit").filter(({ tier }) => tier === "memory")).toHaveLength(2);
  });

  test("nothing there is taken for absent: no lease is asked for", async () => {
    await users.getMany(["cold-a", "cold-b", "1-b"]);
    const leased = shards.calls.filter(({ operation }) => operation === "acquire");
    expect(leased.flatMap(({ keys }) => keys)).toEqual(["user:cold-b"]);
  });

  test("policies around the tier, and faults of a test's own, leave it its shards", async () => {
    const policy: Policy = {
      execute: async (attempt, signal = new AbortController().signal) => attempt({ signal }),
    };
    const guarded = chaos(guard(sharded(server.tier(), shards.away).tier, policy));
    const other = usersOf(process(guarded));
    const [gone, there] = await Promise.all(["1-a", "1-b"].map((id) => other.read(id)));
    expect([gone?.source, there?.source]).toEqual(["loader", "memory"]);
  });

  test("nothing that fails there opens the breaker of the tier, however often", async () => {
    for (let round = 0; round < 20; round++) {
      await users.get(`cold ${round}-a`);
      await users.set(`set ${round}-a`, "v");
      await users.invalidate(`gone ${round}-a`);
    }
    expect(statesOfBreaker()).toEqual([]);
    expect(await users.set("1-b", "v")).toEqual({ status: "done" });
  });

  test("what it could not be told holds up its own keys and no others", async () => {
    version = 2;
    expect(await users.invalidate("1-a")).toEqual({ status: "queued" });
    expect(await users.get("1-a")).toBe("1-a v2");
    expect(await sources("1-b", "2-b")).toEqual(["memory", "memory"]);
    shards.away.clear();
    await passes(500);
    expect((await cache.health()).tiers[0]?.pendingRemovals).toBe(0);
    expect(await usersOf(process()).get("1-a")).toBe("1-a v2");
  });

  test("of a removal on several shards the others do their part soon, and it does its own before it is read", async () => {
    version = 2;
    expect(await users.invalidateMany(["1-a", "1-b", "2-b"])).toEqual({ status: "queued" });
    await passes(200);
    expect(server.keys.filter((key) => key.endsWith("-b"))).toEqual([]);
    expect((await cache.health()).tiers[0]?.pendingRemovals).toBe(1);
    shards.away.clear();
    shards.calls.length = 0;
    expect(await sources("1-a")).toEqual(["loader"]);
    const own = shards.calls.filter(({ keys }) => keys.includes("user:1-a")).map(({ operation }) => operation);
    expect(own.slice(0, 2)).toEqual(["remove", "read"]);
  });

  test("what waits for it is tried by one call at a time, however much there is", async () => {
    for (let id = 0; id < 100; id++) await users.invalidate(`${id}-a`);
    shards.calls.length = 0;
    await users.get("50-a");
    expect(shards.calls.filter(({ operation }) => operation === "remove")).toHaveLength(1);
    await passes(2_000);
    expect(shards.calls.filter(({ operation }) => operation === "remove").length).toBeLessThan(10);
    shards.away.clear();
    await passes(4_000);
    expect((await cache.health()).tiers[0]?.pendingRemovals).toBe(0);
  });

  test("what belongs to a tag whose token lies there answers as uncertified, and what does not as certain", async () => {
    shards.away.clear();
    const tagged = (of: Cache): LoadingNamespace<[id: string], string> =>
      of.namespace("tagged", { load: (id) => `${id} v${version}`, tags: (id) => [id.startsWith("1") ? "t-a" : "t-b"] });
    await tagged(cache).getMany(["1-b", "2-b"]);
    await settled();
    const other = tagged(process());
    shards.away.add("a");
    const [uncertain, certain] = await Promise.all(["1-b", "2-b"].map((id) => other.read(id)));
    expect(uncertain).toMatchObject({ value: "1-b v1", source: "memory", stale: "uncertified" });
    expect(certain).toMatchObject({ value: "2-b v1", source: "memory", stale: undefined });
  });

  test.each(["clear", "deleteByTags", "invalidateTags"] as const)(
    "what a process has itself ended by %s does not answer it, though it never knew the token that lies there",
    async (how) => {
      shards.away.clear();
      const tagged = (of: Cache): LoadingNamespace<[id: string], string> =>
        of.namespace("tagged", { load: (id) => `${id} v${version}`, tags: () => ["all"] });
      await tagged(cache).get("1-b");
      await settled();
      const other = process();
      const values = tagged(other);
      // Where tokens of generations and tags lie.
      shards.away.add("other");
      version = 2;
      expect(await (how === "clear" ? values.clear() : other[how](["all"]))).toEqual({ status: "queued" });
      expect(await values.read("1-b")).toMatchObject({ value: "1-b v2", source: "loader", stale: undefined });
    },
  );

  test("the cache is degraded, and says why", async () => {
    await users.invalidate("1-a");
    expect(await cache.health()).toMatchObject({
      status: "degraded",
      reasons: [
        { reason: "shard-away", tier: "memory" },
        { reason: "removals-pending", tier: "memory" },
      ],
      tiers: [{ breaker: "closed", pendingRemovals: 1 }],
    });
  });
});

describe("while all shards of a tier are away", () => {
  test("its breaker opens, and closes when one of them is there again", async () => {
    await users.getMany(["1-a", "1-b"]);
    await settled();
    for (const shard of ["a", "b", "other"]) shards.away.add(shard);
    for (const id of ["2-a", "2-b", "3-a"]) await users.get(id);
    expect(statesOfBreaker()).toEqual(["open"]);
    version = 2;
    await users.invalidateMany(["1-a", "1-b"]);
    shards.away.delete("b");
    shards.away.delete("other");
    await passes(2_000);
    expect(statesOfBreaker().at(-1)).toBe("closed");
    expect((await cache.health()).tiers[0]?.pendingRemovals).toBe(1);
    expect(await usersOf(process()).get("1-b")).toBe("1-b v2");
  });

  test("it closes also where the shard of the probe is not the one that is back", async () => {
    for (const shard of ["a", "b", "other"]) shards.away.add(shard);
    for (const id of ["2-a", "2-b", "3-a"]) await users.get(id);
    shards.away.delete("a");
    await passes(2_000);
    expect(statesOfBreaker().at(-1)).toBe("closed");
  });
});
