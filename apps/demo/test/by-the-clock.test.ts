import { createCache, days, hours, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { type ManualClock, manualClock } from "@tiercache/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { cacheSettings } from "../src/service/cache-settings.ts";
import { declareNamespaces, type Namespaces } from "../src/service/namespaces.ts";
import { personalData } from "../src/service/personal-data.ts";
import { World } from "../src/service/world.ts";

let world: World;
let clock: ManualClock;
let companies: Namespaces["companies"];
let sessions: Namespaces["sessions"];
let drain: () => Promise<void>;

beforeAll(async () => {
  world = await World.open({ seed: 1, environment: { ENRICHMENT_LATENCY_MS: "0" } });
});

afterAll(() => world[Symbol.asyncDispose]());

beforeEach(async () => {
  clock = manualClock();
  const cache = createCache({ tiers: [lru()], clock });
  const { ttlOf } = cacheSettings({ CACHE_PROFILE: "production" });
  ({ companies, sessions } = declareNamespaces(cache, world.origins, { personal: personalData(world.secret), ttlOf }));
  drain = () => cache.drain();
  fail(0);
  await companies.get(1);
  return () => cache.close();
});

/** How many of the provider's calls fail from now on. */
function fail(failureRate: number): void {
  world.providers.enrichment.conduct.change({ failureRate });
}

describe("what is known of a company", () => {
  test("is refreshed behind a read near the end of its 30 days, so that nobody waits for it", async () => {
    const { version = 0 } = (await companies.get(1)) ?? {};
    world.providers.enrichment.learn(1);
    clock.advance(days(26.9));
    expect((await companies.get(1))?.version).toBe(version);
    await drain();
    expect((await companies.get(1))?.version).toBe(version);
    clock.advance(days(0.2));
    expect((await companies.get(1))?.version).toBe(version);
    await drain();
    expect((await companies.get(1))?.version).toBe(version + 1);
  });

  test("answers at once for a day after that, while it is loaded anew", async () => {
    world.providers.enrichment.learn(1);
    clock.advance(days(30) + hours(23));
    const { stale, value } = await companies.read(1);
    expect(stale).toBe("revalidating");
    await drain();
    expect(await companies.read(1)).toMatchObject({ stale: undefined, value: { version: (value?.version ?? 0) + 1 } });
  });

  test("answers for another 30 days where the provider fails, and is asked for again when it is back", async () => {
    fail(1);
    clock.advance(days(59));
    expect(await companies.read(1)).toMatchObject({ stale: "load-failed", value: { companyId: 1 } });
    fail(0);
    clock.advance(minutes(1));
    expect(await companies.read(1)).toMatchObject({ stale: undefined, source: "loader" });
  });

  test("is not made up where nothing is left of it", async () => {
    fail(1);
    await expect(companies.get(2)).rejects.toMatchObject({ code: "HTTP" });
    clock.advance(days(61));
    await expect(companies.get(1)).rejects.toMatchObject({ code: "HTTP" });
  });
});

describe("a session", () => {
  test("is kept for 15 minutes after it was last read", async () => {
    await sessions.get(7);
    for (let read = 0; read < 5; read++) {
      clock.advance(minutes(10));
      expect(await sessions.read(7)).toMatchObject({ source: "lru", value: { userId: 7 } });
    }
    clock.advance(minutes(15));
    expect((await sessions.read(7)).source).toBe("loader");
  });

  test("that there is none is looked up anew after a minute", async () => {
    world.origins.users.endSession(8);
    expect((await sessions.get(8))?.userId).toBeUndefined();
    clock.advance(minutes(1));
    world.origins.users.startSession(8);
    expect((await sessions.get(8))?.userId).toBe(8);
  });
});
