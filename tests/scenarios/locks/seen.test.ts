import { createCache } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { recordingObserver } from "@tiercache/testing";
import { expect, test } from "vitest";
import { Lockers, settled, Work } from "./locking.ts";

const leaseMs = 1_000;

test("how long a lock was waited for and held is told, and nothing of its name", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  const work = new Work();
  const held = one.cache.withLock("secret name", { leaseMs }, work.run);
  await work.begun;
  const next = other.cache.withLock("secret name", { leaseMs, waitMs: 5_000 }, () => "next");
  await lockers.passes(300);
  work.end("done");
  await held;
  await lockers.passes(600);
  expect(await next).toBe("next");
  expect(one.observer.of("lock-waited")).toEqual([{ type: "lock-waited", outcome: "granted", durationMs: 0 }]);
  expect(one.observer.of("lock-held")).toEqual([{ type: "lock-held", lost: false, durationMs: 300 }]);
  const [waited] = other.observer.of("lock-waited");
  expect(waited).toMatchObject({ outcome: "granted" });
  expect(waited?.durationMs).toBeGreaterThanOrEqual(300);
  expect(JSON.stringify([one, other].map(({ observer }) => observer.events))).not.toContain("secret");
});

test("a wait in vain is told by how it has ended", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  const work = new Work();
  const held = one.cache.withLock("mail", { leaseMs }, work.run);
  await work.begun;
  const failed = (waiting: Promise<unknown>): Promise<unknown> => waiting.catch(() => {});
  const late = failed(other.cache.withLock("mail", { leaseMs, waitMs: 100 }, () => ""));
  await lockers.passes(150);
  await late;
  const caller = new AbortController();
  const left = failed(other.cache.withLock("mail", { leaseMs, signal: caller.signal }, () => ""));
  await settled();
  caller.abort();
  await left;
  other.tier.fail();
  await failed(other.cache.withLock("mail", { leaseMs, waitMs: 0 }, () => ""));
  expect(other.observer.of("lock-waited").map(({ outcome }) => outcome)).toEqual([
    "not-granted",
    "left",
    "unavailable",
  ]);
  expect(other.observer.of("lock-held")).toEqual([]);
  work.end("");
  await held;
});

test("a lock that was lost is told of as such, and work that fails as work that was done", async () => {
  const lockers = new Lockers();
  const { cache, tier, observer } = lockers.process();
  await cache.withLock("mail", { leaseMs }, () => Promise.reject(new Error("own"))).catch(() => {});
  const work = new Work();
  const held = cache.withLock("mail", { leaseMs }, work.run).catch(() => {});
  await work.begun;
  tier.fail();
  await lockers.passes(leaseMs + 100);
  work.end("");
  await held;
  expect(observer.of("lock-held").map(({ lost }) => lost)).toEqual([false, true]);
});

test("a lock among the callers of one process is told of likewise", async () => {
  const observer = recordingObserver();
  const cache = createCache({ tiers: [lru()], observer });
  await cache.withLock("mail", { leaseMs }, () => {});
  expect(observer.of("lock-waited")).toMatchObject([{ outcome: "granted" }]);
  expect(observer.of("lock-held")).toMatchObject([{ lost: false }]);
});
