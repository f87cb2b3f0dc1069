import { seconds } from "@tiercache/core";
import { expect, test } from "vitest";
import { Lockers, settled, Work } from "./locking.ts";

const leaseMs = seconds(3);
const withCode = (code: string) => expect.objectContaining({ code });

test("who waits in another process is woken by the bus when the lock is given back", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  const work = new Work();
  const held = one.cache.withLock("mail", { leaseMs }, work.run);
  await work.begun;
  const next = other.cache.withLock("mail", { leaseMs }, () => lockers.clock.now());
  await settled();
  work.end("done");
  await held;
  await settled();
  // No time has passed.
  expect(await next).toBe(lockers.clock.now());
});

test("who waits without a bus looks again by himself", async () => {
  const lockers = new Lockers();
  const mute = () =>
    lockers.process((tier) => ({
      name: tier.name,
      lock: tier.lock,
      now: () => tier.now(),
      readMany: (keys, call) => tier.readMany(keys, call),
      write: (key, frame, call) => tier.write(key, frame, call),
      remove: (keys, call) => tier.remove(keys, call),
      close: () => tier.close(),
    }));
  const [one, other] = [mute(), mute()];
  const work = new Work();
  const held = one.cache.withLock("mail", { leaseMs }, work.run);
  await work.begun;
  const next = other.cache.withLock("mail", { leaseMs }, () => "next");
  await lockers.passes(seconds(2));
  work.end("done");
  await held;
  await lockers.passes(500);
  expect(await next).toBe("next");
});

test("callers of one process have the lock in their order, one at a time, and only the first of them asks the tier", async () => {
  const lockers = new Lockers();
  const { cache, tier } = lockers.process();
  const order: number[] = [];
  let running = 0;
  const all = Array.from({ length: 50 }, (_, index) =>
    cache.withLock("mail", { leaseMs }, async () => {
      running++;
      expect(running).toBe(1);
      await settled();
      order.push(index);
      running--;
    }),
  );
  await Promise.all(all);
  expect(order).toEqual(Array.from({ length: 50 }, (_, index) => index));
  expect(tier.count("lock")).toBe(50);
});

test("a holder that has died is outlived by who waits as long as is usual", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  const work = new Work();
  const lost = expect(one.cache.withLock("mail", { leaseMs }, work.run)).rejects.toEqual(withCode("LOCK_LOST"));
  await work.begun;
  one.tier.fail();
  const next = other.cache.withLock("mail", { leaseMs }, () => "next");
  await lockers.passes(leaseMs + 100);
  expect(await next).toBe("next");
  work.end("");
  await lost;
});

test("waiting ends with LOCK_NOT_ACQUIRED, in this process and in others", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  const work = new Work();
  const held = one.cache.withLock("mail", { leaseMs }, work.run);
  await work.begun;
  for (const { cache } of [one, other]) {
    const refused = expect(cache.withLock("mail", { leaseMs, waitMs: 100 }, () => "never")).rejects.toMatchObject({
      code: "LOCK_NOT_ACQUIRED",
      message: expect.stringContaining('"mail"'),
    });
    await settled();
    await lockers.passes(100);
    await refused;
  }
  work.end("done");
  expect(await held).toBe("done");
});

test("a caller's signal ends his waiting with its reason, and his place in the queue", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  const work = new Work();
  const held = one.cache.withLock("mail", { leaseMs }, work.run);
  await work.begun;
  const reason = new Error("the caller has left");
  await expect(one.cache.withLock("mail", { leaseMs, signal: AbortSignal.abort(reason) }, () => "")).rejects.toBe(
    reason,
  );
  for (const { cache } of [one, other]) {
    const caller = new AbortController();
    const left = expect(cache.withLock("mail", { leaseMs, signal: caller.signal }, () => "")).rejects.toBe(reason);
    await settled();
    caller.abort(reason);
    await left;
  }
  const next = one.cache.withLock("mail", { leaseMs }, () => "next");
  work.end("done");
  expect([await held, await next]).toEqual(["done", "next"]);
});

test("a caller's signal that fires during the work is told to the work, which keeps the lock to its end", async () => {
  const lockers = new Lockers();
  const [one, other] = [lockers.process(), lockers.process()];
  const [work, caller, reason] = [new Work(), new AbortController(), new Error("the caller has left")];
  const held = one.cache.withLock("mail", { leaseMs, signal: caller.signal }, work.run);
  const lock = await work.begun;
  caller.abort(reason);
  expect([lock.signal.reason, lock.isHeld]).toEqual([reason, true]);
  await lockers.passes(2 * leaseMs);
  await expect(other.cache.withLock("mail", { leaseMs, waitMs: 0 }, () => "")).rejects.toEqual(
    withCode("LOCK_NOT_ACQUIRED"),
  );
  work.end("done all the same");
  expect(await held).toBe("done all the same");
});

test("a caller who leaves while the lock is being granted gives it back", async () => {
  const lockers = new Lockers();
  const { cache, tier } = lockers.process();
  const [caller, reason] = [new AbortController(), new Error("the caller has left")];
  tier.hold("lock", "reply");
  const left = expect(cache.withLock("mail", { leaseMs, signal: caller.signal }, () => "")).rejects.toBe(reason);
  await settled();
  caller.abort(reason);
  tier.release();
  await left;
  expect(await cache.withLock("mail", { leaseMs, waitMs: 0 }, () => "free")).toBe("free");
});
