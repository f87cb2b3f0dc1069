import { createCache, seconds } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { memoryServer, memoryTier } from "@tiercache/testing";
import { expect, test } from "vitest";
import { Lockers, settled, Work } from "./locking.ts";

const leaseMs = seconds(3);
const withCode = (code: string) => expect.objectContaining({ code });

test("a cache without remote tiers locks among the callers of its process, and never loses it", async () => {
  const lockers = new Lockers();
  const cache = lockers.cache([lru()]);
  const work = new Work();
  const held = cache.withLock("mail", { leaseMs }, work.run);
  const lock = await work.begun;
  const tokens: number[] = [];
  const next = cache.withLock("mail", { leaseMs, waitMs: Number.POSITIVE_INFINITY }, ({ token }) => tokens.push(token));
  lockers.clock.advance(10 * leaseMs);
  await settled();
  expect([lock.isHeld, lock.signal.aborted, tokens.length]).toEqual([true, false, 0]);
  work.end("done");
  expect(await held).toBe("done");
  await next;
  expect(tokens[0]).toBeGreaterThan(lock.token);
});

test("a cache whose remote tiers cannot lock refuses, naming the lock", async () => {
  const lockers = new Lockers();
  const cache = lockers.cache([lru(), memoryTier({ clock: lockers.clock })]);
  await expect(cache.withLock("mail", { leaseMs }, () => "never")).rejects.toMatchObject({
    code: "LOCK_UNAVAILABLE",
    message: expect.stringContaining('"mail"'),
  });
});

test("a tier that is away is an error after a second, or at once for who does not wait", async () => {
  const lockers = new Lockers();
  const { cache, tier } = lockers.process();
  tier.fail();
  const unavailable = (why: string) => ({
    code: "LOCK_UNAVAILABLE",
    message: expect.stringMatching(new RegExp(`"mail".*${why}`)),
  });
  await expect(cache.withLock("mail", { leaseMs, waitMs: 0 }, () => "never")).rejects.toMatchObject(
    unavailable("TIER_FAILED"),
  );
  // By then it is not asked at all.
  const asked = expect(cache.withLock("mail", { leaseMs, waitMs: 60_000 }, () => "never")).rejects.toMatchObject(
    unavailable("BREAKER_OPEN"),
  );
  await lockers.passes(1_600);
  await asked;
});

test("one slow answer costs nobody his place, and what it may have granted is his", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  one.tier.hold("lock", "reply");
  const work = new Work();
  const held = one.cache.withLock("mail", { leaseMs }, work.run);
  await lockers.passes(210);
  one.tier.release();
  await lockers.passes(50);
  expect((await work.begun).isHeld).toBe(true);
  work.end("done");
  expect([await held, await other.cache.withLock("mail", { leaseMs, waitMs: 0 }, () => "free")]).toEqual([
    "done",
    "free",
  ]);
});

test("what a tier may have granted to who has given it up is given back", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  one.tier.hold("lock", "reply");
  const late = expect(one.cache.withLock("mail", { leaseMs, waitMs: 0 }, () => "never")).rejects.toEqual(
    withCode("LOCK_UNAVAILABLE"),
  );
  await lockers.passes(210);
  await late;
  expect(await other.cache.withLock("mail", { leaseMs, waitMs: 0 }, () => "free")).toBe("free");
});

test("of several remote tiers the farthest that can lock does, and the tiers before it are not asked", async () => {
  const lockers = new Lockers();
  const far = memoryServer({ clock: lockers.clock, name: "far" });
  const deaf = memoryTier({ clock: lockers.clock, name: "deaf" });
  const cache = (): ReturnType<typeof createCache> =>
    createCache({ tiers: [lockers.server.tier(), far.tier(), deaf], clock: lockers.clock });
  const [one, other] = [cache(), cache()];
  await one.withLock("mail", { leaseMs }, async () => {
    expect([lockers.server.size, far.keys, deaf.size]).toEqual([0, ["@lock:mail"], 0]);
    await expect(other.withLock("mail", { leaseMs, waitMs: 0 }, () => "")).rejects.toEqual(
      withCode("LOCK_NOT_ACQUIRED"),
    );
  });
  expect(await other.withLock("mail", { leaseMs, waitMs: 0 }, () => "free")).toBe("free");
});

test("caches with another prefix have other locks, and names are hidden where keys are", async () => {
  const { clock, server } = new Lockers();
  const named = createCache({ tiers: [server.tier()], clock, prefix: "app" });
  const hidden = createCache({ tiers: [server.tier()], clock, hashKeys: { secret: "s".repeat(32) } });
  await named.withLock("mail:7", { leaseMs }, () =>
    hidden.withLock("mail:7", { leaseMs, waitMs: 0 }, async () => {
      expect(server.keys[0]).toBe("app/@lock:mail%3A7");
      expect(server.keys[1]).toMatch(/^@lock:/);
      expect(server.keys[1]).not.toContain("mail");
    }),
  );
});

test("a cache that is turned off still locks among processes", async () => {
  const { clock, server } = new Lockers();
  const cache = (): ReturnType<typeof createCache> => createCache({ tiers: [server.tier()], clock, enabled: false });
  const other = cache();
  await cache().withLock("mail", { leaseMs }, async () => {
    await expect(other.withLock("mail", { leaseMs, waitMs: 0 }, () => "")).rejects.toEqual(
      withCode("LOCK_NOT_ACQUIRED"),
    );
  });
});

test("closing the cache tells the work, ends the waiting, and refuses what comes", async () => {
  const lockers = new Lockers();
  const { cache } = lockers.process();
  const work = new Work();
  const held = cache.withLock("mail", { leaseMs }, work.run);
  const lock = await work.begun;
  const waiting = expect(cache.withLock("mail", { leaseMs }, () => "")).rejects.toEqual(withCode("CLOSED"));
  await cache.close();
  await waiting;
  expect(lock.signal.reason).toMatchObject({ code: "CLOSED" });
  await expect(cache.withLock("mail", { leaseMs }, () => "")).rejects.toEqual(withCode("CLOSED"));
  work.end("done");
  expect(await held).toBe("done");
});

test.each([
  ["", { leaseMs }, "INVALID_KEY", "The name of a lock is"],
  ["xxx".repeat(171), { leaseMs }, "INVALID_KEY", "1 to 512"],
  [7, { leaseMs }, "INVALID_KEY", "is 7"],
  ["\ud800", { leaseMs }, "INVALID_KEY", "well-formed"],
  ["mail", undefined, "INVALID_OPTION", "withLock.leaseMs"],
  ["mail", {}, "INVALID_OPTION", "withLock.leaseMs"],
  ["mail", { leaseMs: 0 }, "INVALID_OPTION", "withLock.leaseMs is 0"],
  ["mail", { leaseMs: Number.POSITIVE_INFINITY }, "INVALID_OPTION", "up to a day"],
  ["mail", { leaseMs, waitMs: -1 }, "INVALID_OPTION", "withLock.waitMs is -1"],
  ["mail", { leaseMs, signal: {} }, "INVALID_OPTION", "withLock.signal"],
  ["mail", { leaseMs, wait: 1 }, "INVALID_OPTION", "withLock.wait is not an option"],
] as const)("%s and %o are refused with what is allowed", async (...[name, options, code, message]) => {
  const { cache } = new Lockers().process();
  const asked = cache.withLock(name as string, options as never, () => "never");
  await expect(asked).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  await expect(cache.withLock("mail", { leaseMs }, undefined as never)).rejects.toEqual(withCode("INVALID_OPTION"));
});
