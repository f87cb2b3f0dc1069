import { createCache, seconds } from "@tiercache/core";
import { expect, test } from "vitest";
import { Lockers, settled, Work } from "./locking.ts";

const leaseMs = seconds(3);
const withCode = (code: string) => expect.objectContaining({ code });

test("what the work returns or throws is handed on as it is, and the lock is free afterwards", async () => {
  const lockers = new Lockers();
  const { cache } = lockers.process();
  const error = new Error("the work's own");
  expect(await cache.withLock("mail", { leaseMs }, () => "sent")).toBe("sent");
  const throwing = (): never => {
    throw error;
  };
  await expect(cache.withLock("mail", { leaseMs }, throwing)).rejects.toBe(error);
  await expect(cache.withLock("mail", { leaseMs }, () => Promise.reject(error))).rejects.toBe(error);
  expect(await cache.withLock("mail", { leaseMs, waitMs: 0 }, async () => "again")).toBe("again");
});

test("each holder has a higher token than the one before, whichever process it is in", async () => {
  const lockers = new Lockers();
  const caches = [lockers.process().cache, lockers.process().cache];
  const tokens: number[] = [];
  for (const round of [0, 1, 2, 3]) {
    await caches[round % 2]?.withLock("mail", { leaseMs }, ({ token, name }) =>
      tokens.push(token + (name === "mail" ? 0 : 1)),
    );
  }
  expect(tokens.every((token, index) => index === 0 || token > (tokens[index - 1] ?? 0))).toBe(true);
});

test("a lock that is held for longer than its lease is prolonged", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  const work = new Work();
  const held = one.cache.withLock("mail", { leaseMs }, work.run);
  const lock = await work.begun;
  await lockers.passes(10 * leaseMs);
  expect([lock.isHeld, lock.signal.aborted]).toEqual([true, false]);
  await expect(other.cache.withLock("mail", { leaseMs, waitMs: 0 }, () => "stolen")).rejects.toEqual(
    withCode("LOCK_NOT_ACQUIRED"),
  );
  work.end("done");
  expect(await held).toBe("done");
  expect(lock.isHeld).toBe(false);
});

test("nothing goes on for a lock that was given back, and nothing for a cache that has none", async () => {
  const lockers = new Lockers();
  const { cache } = lockers.process();
  await settled();
  const before = lockers.clock.pending;
  await cache.withLock("mail", { leaseMs }, () => {});
  await settled();
  expect(lockers.clock.pending).toBe(before);
});

test("a holder whose lease cannot be prolonged in time is told before anyone else can have the lock", async () => {
  const lockers = new Lockers();
  const { cache, tier } = lockers.process();
  const other = lockers.process();
  const work = new Work();
  const held = cache.withLock("mail", { leaseMs }, work.run);
  const ended = expect(held).rejects.toEqual(withCode("LOCK_LOST"));
  const lock = await work.begun;
  tier.fail();
  await lockers.passes(leaseMs * 0.98);
  expect([lock.isHeld, lock.signal.aborted]).toEqual([true, false]);
  await lockers.passes(leaseMs * 0.01);
  expect([lock.isHeld, lock.signal.aborted]).toEqual([false, true]);
  expect(lock.signal.reason).toMatchObject({ code: "LOCK_LOST", message: expect.stringContaining('"mail"') });
  await expect(other.cache.withLock("mail", { leaseMs, waitMs: 0 }, () => "early")).rejects.toEqual(
    withCode("LOCK_NOT_ACQUIRED"),
  );
  await lockers.passes(leaseMs * 0.02);
  expect(await other.cache.withLock("mail", { leaseMs, waitMs: 0 }, () => "next")).toBe("next");
  work.end("too late");
  await ended;
});

test("the time of a lease counts from before it was asked for, however late the answer is", async () => {
  const lockers = new Lockers();
  const { cache, tier } = lockers.process();
  tier.hold("lock", "reply");
  const work = new Work();
  const held = cache.withLock("mail", { leaseMs }, work.run);
  await settled();
  lockers.clock.advance(150);
  tier.release();
  const ended = expect(held).rejects.toEqual(withCode("LOCK_LOST"));
  const lock = await work.begun;
  tier.fail();
  await lockers.passes(leaseMs * 0.99 - 160);
  expect(lock.isHeld).toBe(true);
  await lockers.passes(10);
  expect(lock.isHeld).toBe(false);
  work.end("");
  await ended;
});

test("one failed attempt to prolong a lease is no loss", async () => {
  const lockers = new Lockers();
  const { cache, tier } = lockers.process();
  const work = new Work();
  const held = cache.withLock("mail", { leaseMs }, work.run);
  const lock = await work.begun;
  for (let lease = 0; lease < 5; lease++) {
    tier.fail();
    await lockers.passes(leaseMs / 2);
    tier.heal();
    await lockers.passes(leaseMs / 2);
  }
  expect(lock.isHeld).toBe(true);
  work.end("done");
  expect(await held).toBe("done");
});

test("a holder that wakes from a pause knows at once, before any timer has run", async () => {
  const lockers = new Lockers();
  let pausedForMs = 0;
  const clock = {
    now: () => lockers.clock.now() + pausedForMs,
    after: (delayMs: number, task: () => void) => lockers.clock.after(delayMs, task),
  };
  const cache = createCache({ tiers: [lockers.server.tier()], clock });
  const held = cache.withLock("mail", { leaseMs }, (lock) => {
    expect(lock.isHeld).toBe(true);
    pausedForMs = leaseMs;
    expect(lock.isHeld).toBe(false);
    expect(lock.signal.aborted).toBe(false);
  });
  await expect(held).rejects.toEqual(withCode("LOCK_LOST"));
});

test("what a former holder still has under way disturbs neither the next one's lease nor his release", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  const [first, second] = [new Work(), new Work()];
  const ended = expect(one.cache.withLock("mail", { leaseMs }, first.run)).rejects.toEqual(withCode("LOCK_LOST"));
  const lock = await first.begun;
  one.tier.hold("prolong", "request");
  one.tier.hold("unlock", "request");
  await lockers.passes(leaseMs);
  first.end("too late");
  const next = other.cache.withLock("mail", { leaseMs }, second.run);
  await lockers.passes(100);
  const nextLock = await second.begun;
  expect(nextLock.token).toBeGreaterThan(lock.token);
  expect(one.tier.heldCalls.map(({ call }) => call.operation)).toEqual(["prolong", "prolong", "unlock"]);
  one.tier.release();
  await ended;
  await lockers.passes(2 * leaseMs);
  expect([lock.isHeld, nextLock.isHeld]).toEqual([false, true]);
  second.end("done");
  expect(await next).toBe("done");
});

test("that the lock is no longer known when it is given back is a loss too", async () => {
  const lockers = new Lockers();
  const { cache } = lockers.process();
  const held = cache.withLock("mail", { leaseMs }, () => {
    lockers.server.restart();
    return "done";
  });
  await expect(held).rejects.toEqual(withCode("LOCK_LOST"));
});

test("a server that has lost something is a loss where nobody knows whether the lock was given back", async () => {
  const lockers = new Lockers();
  const { cache, tier } = lockers.process();
  const held = cache.withLock("mail", { leaseMs }, () => {
    // Somebody else may have the lock by now: the server knows nothing of this one.
    lockers.server.restart();
    tier.fail();
    return "done";
  });
  await expect(held).rejects.toEqual(withCode("LOCK_LOST"));
});

test("a tier that is away when the work has ended well in time is no loss", async () => {
  const lockers = new Lockers();
  const { cache, tier, observer } = lockers.process();
  const held = cache.withLock("mail", { leaseMs }, () => {
    tier.fail();
    return "done";
  });
  expect(await held).toBe("done");
  expect(observer.events).toContainEqual(expect.objectContaining({ type: "tier-failed", operation: "unlock" }));
});

test("work that goes on after the loss does not keep others of its process waiting", async () => {
  const lockers = new Lockers();
  const { cache } = lockers.process();
  const [first, second] = [new Work(), new Work()];
  const lost = expect(cache.withLock("mail", { leaseMs }, first.run)).rejects.toEqual(withCode("LOCK_LOST"));
  await first.begun;
  const next = cache.withLock("mail", { leaseMs, waitMs: 10 * leaseMs }, second.run);
  lockers.server.restart();
  await lockers.passes(leaseMs);
  const lock = await second.begun;
  expect(lock.isHeld).toBe(true);
  first.end("");
  await lost;
  await lockers.passes(2 * leaseMs);
  expect(lock.isHeld).toBe(true);
  second.end("done");
  expect(await next).toBe("done");
});
