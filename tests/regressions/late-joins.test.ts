import { lru } from "@tiercache/lru";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";

/* Defects that this project had itself, with readers who come while a refresh behind others takes long. */

let fleet: Fleet;
const away = new Error("origin is away");

beforeEach(() => {
  fleet = new Fleet();
});

/** A namespace whose first load brings 1, whose refresh is under way and ends when told. */
async function refreshing(rules: object) {
  const refresh = Promise.withResolvers<number>();
  const load = vi.fn<() => number | Promise<number>>().mockReturnValueOnce(1).mockReturnValue(refresh.promise);
  const numbers = fleet.process().namespace<number>("n", { load, ttlMs: 100, ...rules });
  await numbers.get("a");
  await fleet.settled();
  fleet.clock.advance(120);
  return { numbers, load, refresh };
}

const swr = { staleWhileRevalidateMs: 50 };

describe("a reader who comes after the time in which stale may be served", () => {
  test.each(["get", "getMany", "getOrLoad", "read"] as const)(
    "waits by %s for the refresh, and for no second load",
    async (way) => {
      const { numbers, load, refresh } = await refreshing(swr);
      expect(await numbers.get("a")).toBe(1);
      await fleet.settled();
      fleet.clock.advance(30);
      const read = {
        get: () => numbers.get("a"),
        getMany: async () => (await numbers.getMany(["a"]))[0],
        getOrLoad: () => numbers.getOrLoad("a", () => 0),
        read: async () => (await numbers.read("a")).value,
      }[way]();
      const first = await Promise.race([read, fleet.settled().then(() => "waits")]);
      expect(first).toBe("waits");
      refresh.resolve(2);
      expect(await read).toBe(2);
      expect(load).toHaveBeenCalledTimes(2);
    },
  );

  test("is told that the value comes from the loader", async () => {
    const { numbers, refresh } = await refreshing(swr);
    await numbers.get("a");
    fleet.clock.advance(30);
    const read = numbers.read("a");
    await fleet.settled();
    refresh.resolve(2);
    expect(await read).toEqual({ value: 2, source: "loader", ageMs: 0, stale: undefined });
  });

  test("is told of the failure as it is", async () => {
    const { numbers, refresh } = await refreshing(swr);
    await numbers.get("a");
    await fleet.settled();
    fleet.clock.advance(30);
    const reads = [numbers.get("a"), numbers.getMany(["a"])].map((read) => read.catch((error: unknown) => error));
    refresh.reject(away);
    expect(await Promise.all(reads)).toEqual([away, away]);
  });

  test("is given a stale value where the failure allows it, and the observer is told", async () => {
    const { numbers, refresh } = await refreshing({ ...swr, staleIfErrorMs: 1_000 });
    await numbers.get("a");
    await fleet.settled();
    fleet.clock.advance(30);
    const read = numbers.read("a");
    await fleet.settled();
    fleet.observer.clear();
    refresh.reject(away);
    expect(await read).toMatchObject({ value: 1, source: "lru", ageMs: 150, stale: "load-failed" });
    expect(fleet.observer.of("stale").map(({ why }) => why)).toEqual(["load-failed"]);
  });

  test("waits no longer than the soft timeout where a failure would allow a stale value", async () => {
    const { numbers } = await refreshing({ ...swr, staleIfErrorMs: 1_000, softTimeoutMs: 10 });
    await numbers.get("a");
    fleet.clock.advance(30);
    const read = numbers.read("a");
    await fleet.settled();
    fleet.clock.advance(10);
    expect(await read).toMatchObject({ value: 1, stale: "soft-timeout", ageMs: 160 });
  });

  test("may leave, and the refresh goes on", async () => {
    const { numbers, refresh } = await refreshing(swr);
    await numbers.get("a");
    await fleet.settled();
    fleet.clock.advance(30);
    const leaving = new AbortController();
    const read = numbers.read("a", { signal: leaving.signal });
    leaving.abort(away);
    await expect(read).rejects.toBe(away);
    refresh.resolve(2);
    await fleet.settled();
    expect(numbers.peek("a")).toBe(2);
  });
});

test("a refresh ahead that takes beyond the end of the value's life is waited for, with no stale time at all", async () => {
  const refresh = Promise.withResolvers<number>();
  const load = vi.fn<() => number | Promise<number>>().mockReturnValueOnce(1).mockReturnValue(refresh.promise);
  const numbers = fleet.process().namespace<number>("n", { load, ttlMs: 100, refreshAhead: 0.5 });
  await numbers.get("a");
  fleet.clock.advance(60);
  expect(await numbers.get("a")).toBe(1);
  await fleet.settled();
  fleet.clock.advance(40);
  const reads = [numbers.get("a"), numbers.get("a")];
  refresh.resolve(2);
  expect(await Promise.all(reads)).toEqual([2, 2]);
  expect(load).toHaveBeenCalledTimes(2);
});

test("a value that the remote tier had stale answers only while it may, though its refresh goes on", async () => {
  await fleet
    .process()
    .namespace<number>("n", { ttlMs: 100, ...swr })
    .set("a", 1);
  fleet.clock.advance(120);
  const answer = Promise.withResolvers<number>();
  const numbers = fleet.process().namespace("n", { load: () => answer.promise, ttlMs: 100, ...swr });
  expect(await numbers.read("a")).toMatchObject({ value: 1, source: "memory", stale: "revalidating" });
  fleet.clock.advance(10);
  expect(await numbers.read("a")).toMatchObject({ value: 1, ageMs: 130, source: "memory", stale: "revalidating" });
  fleet.clock.advance(20);
  const late = numbers.get("a");
  answer.resolve(2);
  expect(await late).toBe(2);
});

test("a value that grows stale while it is refreshed ahead is told to be so, also when it has been pushed out", async () => {
  const load = vi
    .fn<() => number | Promise<number>>()
    .mockReturnValueOnce(1)
    .mockReturnValue(new Promise(() => {}));
  const rules = { load, ttlMs: 100, refreshAhead: 0.5, staleWhileRevalidateMs: 50 };
  const numbers = fleet.process({ tiers: [lru({ maxEntries: 1 })] }).namespace<number>("n", rules);
  await numbers.get("a");
  fleet.clock.advance(60);
  expect(await numbers.read("a")).toMatchObject({ value: 1, stale: undefined });
  await numbers.set("b", 2);
  expect(await numbers.read("a")).toMatchObject({ value: 1, source: "lru", stale: undefined });
  fleet.clock.advance(50);
  expect(await numbers.read("a")).toMatchObject({ value: 1, ageMs: 110, stale: "revalidating" });
});
