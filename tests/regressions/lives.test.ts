import { createCache, days, hours, minutes } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { chaos, memoryTier } from "@tiercache/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { givenTokens } from "../scenarios/given-tokens.ts";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

/* What goes wrong elsewhere with the length of a value's life. */

let fleet: Fleet;
const away = new Error("origin is away");

beforeEach(() => {
  fleet = new Fleet();
});

afterEach(() => {
  vi.useRealTimers();
});

// Elsewhere a copy from the shared tier starts the whole time to live again, in each process that reads it.
test("a value handed from process to process ends when it would have ended where it was loaded", async () => {
  const load = vi.fn(() => fleet.clock.now());
  const fresh = () => fleet.process({ ttlMs: 100 }).namespace("time", { load });
  await fresh().get("t");
  await fleet.settled();
  for (let process = 0; process < 9; process++) {
    fleet.clock.advance(11);
    expect(await fresh().get("t")).toBe(0);
    await fleet.settled();
  }
  const last = fresh();
  expect(await last.getMany(["t"])).toEqual([0]);
  fleet.clock.advance(1);
  expect(last.peek("t")).toBeUndefined();
  expect(await last.get("t")).toBe(100);
  expect(load).toHaveBeenCalledTimes(2);
});

// Elsewhere the tier in between keeps a copy for its own full time, and hands it out after the original is gone.
test("a value copied up through three tiers has its first end in each of them", async () => {
  const { clock } = fleet;
  const near = chaos(givenTokens(memoryTier({ clock, name: "near" }), "user"));
  const far = givenTokens(memoryTier({ clock, name: "far", epochMs: 5_000 }), "user");
  await createCache({ tiers: [far], clock, ttlMs: 100 })
    .namespace<string>("user")
    .set("1", "v");
  clock.advance(60);
  const users = createCache({ tiers: [lru(), near, far], clock, ttlMs: 100 }).namespace<string>("user");
  expect(await users.get("1")).toBe("v");
  await fleet.settled();
  expect(valuesIn(near).writes).toEqual(["user:1"]);
  clock.advance(39);
  expect(
    await createCache({ tiers: [near], clock })
      .namespace<string>("user")
      .get("1"),
  ).toBe("v");
  clock.advance(1);
  expect(users.peek("1")).toBeUndefined();
  expect(
    await createCache({ tiers: [near], clock })
      .namespace<string>("user")
      .get("1"),
  ).toBeUndefined();
});

// Elsewhere a plain read never leaves what it finds in the tier above, so that each read is a trip.
test("a read without a loader keeps what the remote tier has, and asks once", async () => {
  await fleet.process().namespace<string>("user").set("1", "v");
  const users = fleet.process().namespace<string>("user");
  expect(await users.get("1")).toBe("v");
  expect(users.peek("1")).toBe("v");
  expect(await users.getMany(["1", "1"])).toEqual(["v", "v"]);
  expect(valuesIn(fleet.shared).count("read")).toBe(1);
});

// Elsewhere the time to serve stale takes the place of the time to live, and a value of an hour is gone at once.
test("a short time of staleness does not shorten a long life, in no process", async () => {
  const local = { ttlMs: hours(1) };
  const rules = { ttlMs: hours(1), staleIfErrorMs: 50, staleWhileRevalidateMs: 50, local };
  const here = fleet.process().namespace<string>("user", rules);
  await here.set("1", "v");
  fleet.clock.advance(hours(1) - 1);
  expect(here.peek("1")).toBe("v");
  expect(await fleet.process().namespace<string>("user", rules).get("1")).toBe("v");
});

// Elsewhere the pause after a failure is added to the old end of the value's life: long after it, that is no pause.
test.each([101, 900, minutes(59)])(
  "%d ms after a value was loaded, a failed load is still followed by a pause",
  async (age) => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(away);
    const rules = { ttlMs: 100, staleIfErrorMs: hours(1), retryLoadAfterMs: 30 };
    const numbers = fleet.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    fleet.clock.advance(age);
    for (let read = 0; read < 5; read++) expect(await numbers.get("a")).toBe(1);
    fleet.clock.advance(29);
    expect(await numbers.get("a")).toBe(1);
    expect(load).toHaveBeenCalledTimes(2);
    fleet.clock.advance(1);
    expect(await numbers.get("a")).toBe(1);
    expect(load).toHaveBeenCalledTimes(3);
  },
);

// Elsewhere the failed load prolongs the stale value itself, which so never ends while the origin is away.
test("a value served for want of a better one ends when it was to end, however often it is served", async () => {
  const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(away);
  const rules = { ttlMs: 100, staleIfErrorMs: 100, retryLoadAfterMs: 30 };
  const numbers = fleet.process().namespace("n", { load, ...rules });
  await numbers.get("a");
  fleet.clock.advance(95);
  for (let step = 0; step < 10; step++) {
    fleet.clock.advance(10);
    expect(await numbers.get("a")).toBe(1);
  }
  fleet.clock.advance(5);
  await expect(numbers.get("a")).rejects.toBe(away);
});

// Elsewhere the shared tier drops a value at the end of its freshness: a process that has just started has nothing to serve.
test("a process that never held a value serves it for want of a better one, just as long as the others", async () => {
  const rules = { load: () => Promise.reject<number>(away), ttlMs: 100, staleIfErrorMs: 1_000 };
  await fleet.process().namespace<number>("n", rules).set("a", 1);
  fleet.clock.advance(1_099);
  expect(await fleet.process().namespace<number>("n", rules).get("a")).toBe(1);
  fleet.clock.advance(1);
  await expect(fleet.process().namespace<number>("n", rules).get("a")).rejects.toBe(away);
});

// Elsewhere a stale value that was served counts as fresh again, and nothing tells the two apart.
test("a value served for want of a better one is not taken for a fresh one by other reads or processes", async () => {
  const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(away);
  const numbers = fleet.process().namespace("n", { load, ttlMs: 100, staleIfErrorMs: hours(1) });
  await numbers.get("a");
  await fleet.settled();
  fleet.clock.advance(100);
  expect(await numbers.get("a")).toBe(1);
  await fleet.settled();
  expect(numbers.peek("a")).toBeUndefined();
  expect(await fleet.process().namespace<number>("n").get("a")).toBeUndefined();
});

// Elsewhere a timer above 2^31 - 1 ms runs after 1 ms: a value of a month is gone, a limit of a month is over at once.
test("a month is a month: for a life, for a timeout and for a deadline", async () => {
  vi.useFakeTimers();
  const month = days(30);
  const answer = Promise.withResolvers<string>();
  const tiers = [lru(), memoryTier({ clock: fleet.clock })] as const;
  const cache = createCache({ tiers, ttlMs: month, local: { ttlMs: month }, deadlineMs: month });
  const users = cache.namespace("user", { load: () => answer.promise, hardTimeoutMs: month, softTimeoutMs: month });
  let ended = false;
  const read = users.get("1").finally(() => {
    ended = true;
  });
  await vi.advanceTimersByTimeAsync(days(29));
  expect(ended).toBe(false);
  answer.resolve("v");
  expect(await read).toBe("v");
  await vi.advanceTimersByTimeAsync(days(29));
  expect(users.peek("1")).toBe("v");
  await vi.advanceTimersByTimeAsync(days(1));
  expect(users.peek("1")).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});

// Elsewhere a limit beyond which a loader is given up is accepted and never looked at.
test("the timeouts that can be given are heeded: the soft one, the hard one and the deadline of a tier", async () => {
  const load = vi
    .fn<() => Promise<number>>()
    .mockResolvedValueOnce(1)
    .mockReturnValue(new Promise(() => {}));
  const rules = { ttlMs: 100, staleIfErrorMs: 100, softTimeoutMs: 10, hardTimeoutMs: 40 };
  const numbers = fleet.process({ deadlineMs: 20 }).namespace("n", { load, ...rules });
  await numbers.get("a");
  fleet.clock.advance(100);
  const soft = numbers.get("a");
  await fleet.settled();
  fleet.clock.advance(10);
  expect(await soft).toBe(1);
  fleet.shared.hang();
  const hard = numbers.get("b").catch((error: unknown) => error);
  await fleet.settled();
  fleet.clock.advance(20);
  await fleet.settled();
  fleet.clock.advance(40);
  expect(await hard).toMatchObject({ code: "LOAD_TIMEOUT" });
});
