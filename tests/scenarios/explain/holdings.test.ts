import { createCache, type LoaderContext } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ThreeTiers } from "../bypass/three-tiers.ts";
import { valuesIn } from "../values-in.ts";

let tiers: ThreeTiers;

beforeEach(() => {
  tiers = new ThreeTiers();
});

const nothing = (tier: string) => ({ tier, holds: "nothing" });

test("whoever asks for an explanation does not use the entry: it is evicted as if nobody had asked", async () => {
  const cache = createCache({ tiers: [lru({ sizeOf: () => 1, maxBytes: 2 })], ttlMs: 1_000, clock: tiers.clock });
  const texts = cache.namespace<string>("text");
  await texts.set("a", "first");
  await texts.set("b", "second");
  expect((await texts.explain("a")).tiers).toMatchObject([{ tier: "lru", holds: "fresh" }]);
  await texts.set("c", "third");
  expect(["a", "b", "c"].map((id) => texts.peek(id))).toEqual([undefined, "second", "third"]);
});

describe("of each tier explain says", () => {
  test("that it holds nothing, and that the loader would answer, or nobody", async () => {
    const cache = tiers.cache({ prefix: "app" });
    const breakers = { near: "closed", far: "closed" };
    const none = { tiers: ["lru", "near", "far"].map(nothing), stale: undefined, isLoading: false, breakers };
    const loading = cache.namespace("user", { load: () => "loaded" });
    expect(await loading.explain("a:b")).toEqual({
      namespace: "user",
      key: "app/user:a%3Ab",
      answeredBy: "loader",
      ...none,
    });
    const plain = cache.namespace("plain", { key: (n: number, text: string) => [n, text] });
    expect(await plain.explain(7, "x")).toEqual({
      namespace: "plain",
      key: "app/plain:7:x",
      answeredBy: undefined,
      ...none,
    });
  });

  test("how old it is, how long it is fresh and of use, each by its own instants", async () => {
    const rules = { ttlMs: 100, local: { ttlMs: 40 }, staleWhileRevalidateMs: 50, staleIfErrorMs: 200 };
    const users = tiers.cache().namespace("user", { load: () => "loaded", ...rules });
    await users.set("a", "v");
    tiers.clock.advance(30);
    const life = { ageMs: 30, etag: undefined, tags: [] };
    expect((await users.explain("a")).tiers).toEqual([
      { tier: "lru", holds: "fresh", freshForMs: 10, usefulForMs: 210, ...life },
      { tier: "near", holds: "fresh", freshForMs: 70, usefulForMs: 270, ...life },
      { tier: "far", holds: "fresh", freshForMs: 70, usefulForMs: 270, ...life },
    ]);
  });

  test.each<[number, string, object]>([
    [10, "fresh", { freshForMs: 90, usefulForMs: 110 }],
    [60, "due", { freshForMs: 40, usefulForMs: 60 }],
    [99, "due", { freshForMs: 1, usefulForMs: 21 }],
    [100, "stale", { freshForMs: 0, usefulForMs: 20 }],
    [119, "stale", { freshForMs: -19, usefulForMs: 1 }],
    [120, "expired", { freshForMs: -20, usefulForMs: 0 }],
    [5_000, "expired", { freshForMs: -4_900, usefulForMs: -4_880 }],
  ])("after %i ms that its value is %s", async (afterMs, holds, life) => {
    const rules = { ttlMs: 100, refreshAhead: 0.5, staleWhileRevalidateMs: 20 };
    const users = createCache({ tiers: [lru()], clock: tiers.clock }).namespace("user", { load: () => "v", ...rules });
    await users.set("a", "v");
    tiers.clock.advance(afterMs);
    const [held] = (await users.explain("a")).tiers;
    expect(held).toEqual({ tier: "lru", holds, ageMs: afterMs, etag: undefined, tags: [], ...life });
  });

  test("that a value which never grows old is fresh for ever", async () => {
    const ttlMs = Number.POSITIVE_INFINITY;
    const users = tiers.cache({ ttlMs, local: { ttlMs } }).namespace<string>("user");
    await users.set("a", "v");
    tiers.clock.advance(1e12);
    const life = { ageMs: 1e12, freshForMs: Number.POSITIVE_INFINITY, usefulForMs: Number.POSITIVE_INFINITY };
    const { tiers: holdings } = await users.explain("a");
    for (const held of holdings) expect(held).toMatchObject({ holds: "fresh", ...life });
  });

  test("that what another process may serve no longer is of no use there, whatever its writer allows", async () => {
    const generous = tiers.cache({ ttlMs: 100, staleIfErrorMs: 500 });
    await generous.namespace<string>("user").set("a", "v");
    tiers.clock.advance(200);
    const [, near] = (await tiers.cache({ ttlMs: 100 }).namespace<string>("user").explain("a")).tiers;
    expect(near).toMatchObject({ holds: "expired", freshForMs: -100, usefulForMs: -100 });
  });

  test("how the origin names the version that it holds", async () => {
    const load = (_id: string, { setEtag }: LoaderContext): string => {
      setEtag('"v7"');
      return "loaded";
    };
    const users = tiers.cache().namespace("user", { load });
    await users.get("a");
    await tiers.settled();
    const { tiers: holdings } = await users.explain("a");
    expect(holdings.map((held) => "etag" in held && held.etag)).toEqual(['"v7"', '"v7"', '"v7"']);
  });

  test("why it was not to be asked", async () => {
    const users = tiers.cache({ deadlineMs: 50 }).namespace("user", { load: () => "loaded" });
    tiers.near.fail(Object.assign(new Error("secret of the connection"), { code: "ECONNRESET" }));
    tiers.far.hang();
    const explaining = users.explain("a");
    await tiers.far.whenHeld(1);
    await tiers.settled();
    tiers.clock.advance(50);
    const explanation = await explaining;
    expect(explanation).toMatchObject({
      tiers: [
        nothing("lru"),
        { tier: "near", holds: "unreachable", code: "ECONNRESET" },
        { tier: "far", holds: "unreachable", code: "TIER_TIMEOUT" },
      ],
      answeredBy: "loader",
    });
    expect(JSON.stringify(explanation)).not.toContain("secret");
    tiers.far.release();
  });

  test("that its frames cannot be judged while its time is unknown", async () => {
    const users = tiers.cache().namespace<string>("user");
    await users.set("a", "v");
    tiers.near.loseTime();
    expect((await users.explain("a")).tiers[1]).toEqual({ tier: "near", holds: "unreachable", code: "TIME_UNKNOWN" });
    expect((await users.explain("b")).tiers[1]).toEqual(nothing("near"));
  });
});

describe("explaining a key", () => {
  test("changes nothing, loads nothing and counts nothing", async () => {
    const load = vi.fn(() => "loaded");
    const rules = { ttlMs: 100, sliding: true, staleWhileRevalidateMs: 100 };
    await tiers.cache().namespace<string>("user", rules).set("a", "v");
    tiers.clock.advance(50);
    const users = tiers.cache().namespace("user", { load, ...rules });
    tiers.observer.clear();
    for (const tier of [tiers.near, tiers.far]) tier.clearCalls();
    const first = await users.explain("a");
    await tiers.settled();
    expect(await users.explain("a")).toEqual(first);
    tiers.clock.advance(100);
    expect(await users.explain("a")).toMatchObject({ answeredBy: "near", stale: "revalidating" });
    await tiers.settled();
    expect(load).not.toHaveBeenCalled();
    expect(users.peek("a")).toBeUndefined();
    // That a tier was asked for tokens says nothing of reads.
    expect(tiers.observer.events.filter(({ type }) => type !== "tier-called")).toEqual([]);
    for (const tier of [tiers.near, tiers.far]) {
      expect([valuesIn(tier).count("read"), tier.count()]).toEqual([3, tier.count("read")]);
    }
  });

  test("starts no refresh of what is held here and due", async () => {
    const load = vi.fn(() => "loaded");
    const users = tiers.cache().namespace("user", { load, ttlMs: 100, refreshAhead: 0.1, staleWhileRevalidateMs: 100 });
    await users.set("a", "v");
    for (const [afterMs, holds] of [
      [50, "due"],
      [100, "stale"],
      [100, "expired"],
    ] as const) {
      tiers.clock.advance(afterMs);
      expect((await users.explain("a")).tiers[0]).toMatchObject({ tier: "lru", holds });
    }
    await tiers.settled();
    expect(load).not.toHaveBeenCalled();
  });

  test("shows no value, neither of a tier nor of a load", async () => {
    const users = tiers.cache().namespace("user", { load: () => "secret" });
    await users.set("a", "secret");
    expect(JSON.stringify(await users.explain("a"))).not.toContain("secret");
    const loading = tiers.cache({ isolate: "clone", prefix: "clone" }).namespace<object>("user");
    await loading.set("a", { password: "secret" });
    expect(JSON.stringify(await loading.explain("a"))).not.toContain("secret");
  });

  test("is refused for what is no key, and after the cache was closed", async () => {
    const cache = tiers.cache();
    const users = cache.namespace<string>("user");
    for (const wrong of [undefined, 7, null, {}]) {
      await expect(users.explain(wrong as never)).rejects.toMatchObject({ code: "INVALID_KEY" });
    }
    await expect(users.explain("\ud800")).rejects.toMatchObject({ code: "INVALID_KEY" });
    await users.set("a", "v");
    await cache.close();
    await expect(users.explain("a")).rejects.toMatchObject({ code: "CLOSED" });
  });

  test("never fails because of a tier, whatever that answers", async () => {
    const answers = [null, undefined, {}, 7, [], [null], ["text"], [new Uint8Array(1_000)]];
    for (const answer of answers) {
      const broken = {
        name: "broken",
        now: (): number => {
          throw new Error("no time");
        },
        readMany: async () => answer as never,
        write: async () => {},
        remove: async () => {},
        close: async () => {},
      };
      const users = createCache({ tiers: [lru(), broken], clock: tiers.clock }).namespace("user", { load: () => "v" });
      const explanation = await users.explain("a");
      expect(["nothing", "unreachable", "rejected"]).toContain(explanation.tiers[1]?.holds);
      expect(explanation.answeredBy).toBe("loader");
    }
  });

  test("in a cache that is switched off knows of no tier", async () => {
    const users = tiers.cache({ enabled: false }).namespace("user", { load: () => "v" });
    await users.set("a", "v");
    expect(await users.explain("a")).toMatchObject({ tiers: [], answeredBy: "loader" });
    expect([tiers.near.count(), tiers.far.count()]).toEqual([0, 0]);
  });
});
