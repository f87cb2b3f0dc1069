import { createCache, type EntryOptions, type Namespace, type RemoteTier } from "@tiercache/core";
import type { ChaosTier } from "@tiercache/testing";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { ThreeTiers } from "../bypass/three-tiers.ts";
import { valuesIn } from "../values-in.ts";

type Draw = (limit: number) => number;

/** Whole numbers below a limit, the same for the same seed (xorshift32). */
function drawing(seed: number): Draw {
  let state = Math.imul(seed, 2_654_435_761) >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

function randomRules(draw: Draw): EntryOptions {
  return {
    ttlMs: 10 + draw(90),
    staleWhileRevalidateMs: draw(2) * draw(100),
    staleIfErrorMs: draw(2) * draw(200),
    retryLoadAfterMs: 1 + draw(100),
    ...(draw(2) === 0 ? { refreshAhead: 0.5 } : { sliding: draw(2) === 0 }),
    ...(draw(3) === 0 ? { local: { ttlMs: 1 + draw(50) } } : {}),
  };
}

/** One random history of a key in three tiers, up to the moment at which it is looked at. */
class History {
  readonly tiers = new ThreeTiers();
  readonly users: Namespace<[id: string], string>;
  readonly load = vi.fn(async () => {
    if (this.#failing) throw new Error("origin is away");
    return "loaded";
  });
  readonly #draw: Draw;
  #failing = false;

  constructor(seed: number) {
    this.#draw = drawing(seed);
    const { load } = this;
    const rules = randomRules(this.#draw);
    const { near, far } = this.tiers;
    const cache = this.tiers.cache(this.#draw(4) === 0 ? { tiers: [near, far] } : {});
    this.users =
      this.#draw(4) === 0
        ? cache.namespace<string>("user", rules)
        : cache.namespace<string>("user", { load, ...rules });
  }

  async unfold(): Promise<void> {
    for (let step = this.#draw(6); step >= 0; step--) {
      await this.#step();
      await this.tiers.settled();
      this.tiers.clock.advance(this.#draw(80));
    }
    for (const tier of [this.tiers.near, this.tiers.far]) this.#spoil(tier);
  }

  /** Something that leaves one more value somewhere, or has the last load fail. */
  async #step(): Promise<void> {
    const { near, far, clock } = this.tiers;
    const elsewhere = async (tier: RemoteTier): Promise<unknown> =>
      createCache({ tiers: [tier], clock, ...randomRules(this.#draw) })
        .namespace<string>("user")
        .set("a", tier.name);
    switch (this.#draw(6)) {
      case 0:
        return void (await elsewhere(near));
      case 1:
        return void (await elsewhere(far));
      case 2:
        return void (await this.users.set("a", "set"));
      case 3:
        return void (await this.users.set("a", "here", { skipWriting: this.#draw(2) === 0 ? ["near"] : ["far"] }));
      case 4:
        this.#failing = true;
        await this.users.get("a").catch(() => {});
        await this.tiers.settled();
        this.#failing = false;
        return;
      default:
        return void (await this.users.set("b", "another key"));
    }
  }

  #spoil(tier: ChaosTier): void {
    const kind = this.#draw(10);
    if (kind === 0) tier.fail();
    if (kind === 1) tier.loseTime();
  }
}

test("who would answer is who then does, and as stale as he said, in 3,000 histories", async () => {
  const outcomes = new Map<string, number>();
  for (let seed = 1; seed <= 3_000; seed++) {
    const history = new History(seed);
    await history.unfold();
    const { users, tiers } = history;
    history.load.mockClear();
    tiers.observer.clear();
    for (const tier of [tiers.near, tiers.far]) tier.clearCalls();
    const explanation = await users.explain("a");
    expect([
      seed,
      history.load.mock.calls.length,
      valuesIn(tiers.near).count("read"),
      valuesIn(tiers.far).count("read"),
    ]).toEqual([seed, 0, 1, 1]);
    for (const tier of [tiers.near, tiers.far]) expect(tier.count()).toBe(tier.count("read"));
    // That a tier was asked for tokens says nothing of reads.
    const told = tiers.observer.events.filter(({ type }) => type !== "tier-failed" && type !== "tier-called");
    expect(told).toEqual([]);
    const { source, stale } = await users.read("a");
    expect({ seed, source, stale }).toEqual({ seed, source: explanation.answeredBy, stale: explanation.stale });
    const outcome = `${source} ${stale}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    await tiers.settled();
  }
  // Each way of answering came up often enough to be worth the name.
  for (const outcome of [
    "lru undefined",
    "lru revalidating",
    "lru held",
    "near undefined",
    "near revalidating",
    "far undefined",
    "far revalidating",
    "loader undefined",
    "undefined undefined",
  ]) {
    expect([outcome, (outcomes.get(outcome) ?? 0) >= 10]).toEqual([outcome, true]);
  }
});

describe("while a load is running", () => {
  let tiers: ThreeTiers;

  beforeEach(() => {
    tiers = new ThreeTiers();
  });

  test("explain says so, and that its reader would wait for the loader", async () => {
    const answer = Promise.withResolvers<string>();
    const users = tiers.cache().namespace("user", { load: () => answer.promise });
    const read = users.get("a");
    await tiers.settled();
    expect(await users.explain("a")).toMatchObject({ isLoading: true, answeredBy: "loader" });
    answer.resolve("loaded");
    await read;
    await tiers.settled();
    expect(await users.explain("a")).toMatchObject({ isLoading: false, answeredBy: "lru" });
  });

  test("that has answered with a stale value names the tier which that came from, for as long as it may answer", async () => {
    const rules = { ttlMs: 100, staleWhileRevalidateMs: 100 };
    await tiers.cache().namespace<string>("user", rules).set("a", "stale");
    tiers.clock.advance(150);
    const answer = Promise.withResolvers<string>();
    const users = tiers.cache().namespace("user", { load: () => answer.promise, ...rules });
    await users.get("a");
    await tiers.near.remove(["user:a"], { signal: new AbortController().signal });
    const expected = { answeredBy: "near", stale: "revalidating", isLoading: true };
    expect(await users.explain("a")).toMatchObject(expected);
    expect(await users.read("a")).toMatchObject({ source: "near", stale: "revalidating" });
    tiers.clock.advance(50);
    expect(await users.explain("a")).toMatchObject({ answeredBy: "loader", stale: undefined, isLoading: true });
    answer.resolve("loaded");
    expect(await users.read("a")).toMatchObject({ value: "loaded" });
  });

  test("for a reader who passes tiers by, nobody else would wait for it", async () => {
    const users = tiers.cache().namespace("user", { load: () => new Promise<string>(() => {}) });
    void users.read("a", { skipReading: ["near"] });
    await tiers.settled();
    expect(await users.explain("a")).toMatchObject({ isLoading: false });
  });
});
