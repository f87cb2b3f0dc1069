import { type Lock, type LockEnd, minutes } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { chaos, lockSuite, type MemoryTier, manualClock, memoryServer } from "../src/index.ts";
import { changed, failedIn, opened } from "./broken-tier.ts";

const call = { signal: new AbortController().signal };

describe("a memory tier", () => {
  for (const { title, run } of lockSuite(() => opened((tier) => tier))) test(title, run);
});

describe("a chaos tier", () => {
  for (const { title, run } of lockSuite(() => opened(chaos))) test(title, run);
});

/** The titles of the cases that fail when some of a sound lock's members are replaced. */
function failedLock(change: (sound: Lock, tier: MemoryTier) => Partial<Lock>): Promise<string[]> {
  const suite = lockSuite(() =>
    opened((tier) => {
      const { lock } = tier;
      const sound: Lock = {
        acquire: (key, asked) => lock.acquire(key, asked),
        prolong: (key, asked) => lock.prolong(key, asked),
        release: (key, release) => lock.release(key, release),
      };
      return changed(tier, { lock: { ...sound, ...change(sound, tier) } });
    }),
  );
  return failedIn(suite);
}

test("a sound lock fails no case", async () => {
  expect(await failedLock(() => ({}))).toEqual([]);
});

test("a tier that cannot lock fails every case that it could prove", async () => {
  const suite = lockSuite(() => opened((tier) => changed(tier, { lock: undefined })));
  expect(await failedIn(suite)).toEqual(suite.map(({ title }) => title));
});

test("locks that are granted to everyone are found out", async () => {
  const titles = await failedLock(() => ({ acquire: async (): Promise<LockEnd> => ({ isHeld: true, token: 1 }) }));
  expect(titles).toContain("a lock that nobody holds is granted, and to nobody else");
  expect(titles).toContain("of many who ask at the same time one is granted the lock");
  expect(titles).toContain("each holder has a higher token than the one before");
});

test("a release that compares nothing is found out", async () => {
  const titles = await failedLock((_, tier) => ({
    async release(key) {
      await tier.remove([key]);
      return true;
    },
  }));
  expect(titles).toContain("nobody prolongs or releases what another holds, or nobody does");
  expect(titles).toContain("a lock is free when its lease has ended, and its holder has no say any longer");
});

test("a prolonging that takes the lock again is found out", async () => {
  const titles = await failedLock((sound) => ({
    prolong: async (key, asked) => (await sound.acquire(key, { ...asked, above: 0 })).isHeld,
  }));
  expect(titles).toContain("a lock is free when its lease has ended, and its holder has no say any longer");
  expect(titles).toContain("what is released is free at once, and is released once");
});

test("a prolonging that does nothing is found out", async () => {
  const titles = await failedLock(() => ({ prolong: async () => true }));
  expect(titles).toContain("a lease that is prolonged begins anew");
});

test("tokens that are kept only while the lock is held are found out", async () => {
  const titles = await failedLock((sound, tier) => ({
    async release(key, release) {
      const done = await sound.release(key, release);
      if (done) await tier.remove([key]);
      return done;
    },
  }));
  expect(titles).toEqual([
    "each holder has a higher token than the one before",
    "a token is higher than the caller asks for",
  ]);
});

test("tokens that take no heed of what the caller has been told are found out", async () => {
  const titles = await failedLock((sound) => ({
    acquire: (key, asked) => sound.acquire(key, { ...asked, above: 0 }),
  }));
  expect(titles).toEqual(["a token is higher than the caller asks for"]);
});

test("tokens that are counted alone are found out", async () => {
  const titles = await failedLock((sound, tier) => ({
    async acquire(key, asked) {
      const [held] = await tier.readMany([key]);
      const end = await sound.acquire(key, asked);
      return end.isHeld && held === undefined ? { isHeld: true, token: 1 } : end;
    },
  }));
  expect(titles).toContain("a token is higher than those from before the lock was lost");
});

test("a release that is announced to nobody, or to everybody, is found out", async () => {
  const silent = await failedLock((sound) => ({
    release: (key, release) => sound.release(key, { ...release, announce: undefined }),
  }));
  expect(silent).toEqual(["a release that somebody waits for is announced, and found done by who hears of it"]);
  const loud = await failedLock((sound, tier) => ({
    async release(key, { announce, ...release }) {
      const done = await sound.release(key, release);
      if (announce !== undefined) await tier.bus.publish(announce);
      return done;
    },
  }));
  expect(loud).toEqual(["a release that nobody waits for is not announced, and neither is one that is none"]);
});

describe("a server whose clock is set back", () => {
  const later = { ...call, owner: "b", leaseMs: minutes(1), above: 0 };

  test("grants no lower token while it has the lock's last one, nor to who was told of it", async () => {
    const clock = manualClock();
    const held = memoryServer({ clock });
    const first = await held.tier().lock.acquire("1", { ...later, owner: "a" });
    const kept = held.snapshot();
    const token = first.isHeld ? first.token : 0;
    const behind = memoryServer({ clock, epochMs: 1_600_000_000_000 });
    behind.restart({ keep: kept });
    clock.advance(minutes(1));
    // Its lease ends by the server's clock, which is years behind: it is not free until the key is gone or it is released.
    await behind.tier().lock.release("1", { ...later, owner: "a" });
    const next = await behind.tier().lock.acquire("1", later);
    expect(next).toEqual({ isHeld: true, token: token + 1 });
    behind.restart();
    const empty = await behind.tier().lock.acquire("1", { ...later, above: token + 1 });
    expect(empty).toEqual({ isHeld: true, token: token + 2 });
  });
});
