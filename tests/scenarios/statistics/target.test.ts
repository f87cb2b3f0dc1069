import {
  type Cache,
  createCache,
  hours,
  type LoadingNamespace,
  minutes,
  seconds,
  type TargetOptions,
} from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { type ManualClock, manualClock, type RecordingObserver, recordingObserver } from "@tiercache/testing";
import { beforeEach, describe, expect, test } from "vitest";

let clock: ManualClock;
let observer: RecordingObserver;
let cache: Cache;
let next: number;

beforeEach(() => {
  clock = manualClock(7);
  observer = recordingObserver();
  cache = createCache({ tiers: [lru({ maxEntries: 1_000_000 })], clock, observer, ttlMs: hours(24) });
  next = 0;
});

function usersWith(target: TargetOptions): LoadingNamespace<[id: string], string> {
  return cache.namespace("user", { load: (id) => id, target });
}

/** Reads at a rate of a hundred in 15 s, of which so many are hits. */
async function traffic(users: LoadingNamespace<[id: string], string>, hitRate: number, forMs: number): Promise<void> {
  await users.get("hot");
  for (let passed = 0; passed < forMs; passed += seconds(15)) {
    for (let read = 0; read < 100; read++) await users.get(read < hitRate * 100 ? "hot" : `cold ${next++}`);
    clock.advance(seconds(15));
  }
}

const told = (): readonly string[] =>
  observer.events.map(({ type }) => type).filter((type) => type.startsWith("target"));

test("a window that falls short is told once, and once when it has recovered", async () => {
  const users = usersWith({ hitRate: 0.8, alertDrop: 0.1 });
  await traffic(users, 0.9, minutes(6));
  expect(told()).toEqual([]);
  await traffic(users, 0.5, minutes(6));
  expect(told()).toEqual(["target-missed"]);
  const [missed] = observer.of("target-missed");
  expect(missed?.namespace).toBe("user");
  expect(missed?.hitRate).toBeLessThan(0.7);
  // Better, but not what it shall be.
  await traffic(users, 0.75, minutes(6));
  expect(told()).toEqual(["target-missed"]);
  await traffic(users, 0.9, minutes(6));
  expect(told()).toEqual(["target-missed", "target-met"]);
  expect(observer.of("target-met")[0]?.hitRate).toBeGreaterThanOrEqual(0.8);
});

test("the statistics repeat what was asked for, and nothing where nothing was", () => {
  expect(usersWith({ hitRate: 0.8 }).stats().target).toBe(0.8);
  expect(cache.namespace("job").stats().target).toBeUndefined();
});

test("a drop that is allowed is none", async () => {
  const users = usersWith({ hitRate: 0.8, alertDrop: 0.1 });
  await traffic(users, 0.72, minutes(12));
  expect(told()).toEqual([]);
});

test("a recovery by hits alone, which tell nobody, is noticed", async () => {
  const users = usersWith({ hitRate: 0.8 });
  await traffic(users, 0.1, minutes(6));
  expect(told()).toEqual(["target-missed"]);
  await traffic(users, 1, minutes(6));
  expect(told()).toEqual(["target-missed", "target-met"]);
});

test("a window that is not whole, after a start or a reset, is not judged", async () => {
  const users = usersWith({ hitRate: 0.8 });
  await traffic(users, 0, seconds(285));
  cache.resetStats();
  await traffic(users, 0, seconds(285));
  expect(told()).toEqual([]);
  await traffic(users, 0, seconds(30));
  expect(told()).toEqual(["target-missed"]);
});

test("too few reads say nothing", async () => {
  const users = usersWith({ hitRate: 0.8 });
  for (let minute = 0; minute < 20; minute++) {
    await users.get(String(minute));
    clock.advance(minutes(1));
  }
  expect(told()).toEqual([]);
});

test("nothing waits any longer once nobody reads, or the cache is closed", async () => {
  const users = usersWith({ hitRate: 0.8 });
  await traffic(users, 0.1, minutes(6));
  expect(clock.pending).toBe(1);
  clock.advance(minutes(2));
  expect(clock.pending).toBe(0);
  await traffic(users, 0.1, minutes(1));
  expect(clock.pending).toBe(1);
  await cache.close();
  expect(clock.pending).toBe(0);
});

describe("a target that is none", () => {
  test.each<[unknown]>([
    [0.8],
    [{}],
    [{ hitRate: 0 }],
    [{ hitRate: 1.1 }],
    [{ hitRate: "80 %" }],
    [{ hitRate: 0.8, alertDrop: 0.8 }],
    [{ hitRate: 0.8, alertDrop: -0.1 }],
    [{ hitRate: 0.8, alertDrop: Number.NaN }],
    [{ hitRate: 0.8, drop: 0.1 }],
  ])("is refused by name: %o", (target) => {
    expect(() => cache.namespace("user", { load: (id) => id, target: target as TargetOptions })).toThrow(
      /namespace "user"\.target is .*; allowed is an object with hitRate, above 0 and up to 1/,
    );
  });
});
