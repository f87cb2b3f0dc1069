import { type CacheOptions, createCache, type EntryOptions } from "@tiercache/core";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const noNumbers: readonly (readonly [id: number, value: unknown, shown: string])[] = [
  [28, -1, "-1"],
  [30, Number.NaN, "NaN"],
  [32, Number.NEGATIVE_INFINITY, "-Infinity"],
  [39, "10", '"10"'],
  [40, "10s", '"10s"'],
  [40, "10 s", '"10 s"'],
  [40, "1e3", '"1e3"'],
  [40, "\u0661\u0660", '"\u0661\u0660"'],
  [41, null, "null"],
  [42, new Date(10), "an object"],
  [129, 10n, "10n"],
];
const noLives = [[27, 0, "0"], [29, -0, "-0"], ...noNumbers] as const;

describe.each(["ttlMs", "negativeTtlMs", "softTimeoutMs", "hardTimeoutMs"] as const)("%s", (option) => {
  test.each(noLives)("case %i: %o is refused by name, with its value", (_case, value, shown) => {
    const wrong = { [option]: value } as EntryOptions;
    const message = `.${option} is ${shown}; allowed is a number of milliseconds above 0`;
    const refused = (owner: string) =>
      expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining(owner + message) });
    expect(() => createCache({ tiers: [fleet.shared], ...wrong })).toThrow(refused("createCache"));
    expect(() => fleet.process().namespace("user", wrong)).toThrow(refused('namespace "user"'));
  });
});

describe.each(["staleWhileRevalidateMs", "staleIfErrorMs", "retryLoadAfterMs"] as const)("%s", (option) => {
  test.each(noNumbers)("case %i: %o is refused by name, with its value", (_case, value, shown) => {
    const message = `createCache.${option} is ${shown}; allowed is a number of milliseconds of at least 0`;
    expect(() => createCache({ tiers: [fleet.shared], [option]: value })).toThrow(message);
  });

  test.each([
    [27, 0],
    [29, -0],
  ])("case %i: %o means never", async (_case, value) => {
    const load = vi.fn<() => number>().mockReturnValueOnce(1).mockReturnValue(2);
    const numbers = fleet.process().namespace("n", { load, ttlMs: 100, [option]: value });
    await numbers.get("a");
    fleet.clock.advance(100);
    expect(await numbers.get("a")).toBe(2);
  });
});

describe("other durations", () => {
  test.each([...noLives, [31, Number.POSITIVE_INFINITY, "Infinity"] as const])(
    "case %i: a deadline of %o is refused, as a reader would wait for ever or never",
    (_case, value, shown) => {
      const options = { tiers: [fleet.shared], deadlineMs: value } as unknown as CacheOptions;
      expect(() => createCache(options)).toThrow(`createCache.deadlineMs is ${shown}; allowed is a finite number`);
    },
  );

  test.each(noLives)("case %i: a local limit of %o is refused", (_case, value) => {
    const options = { tiers: [fleet.shared], local: { ttlMs: value } } as CacheOptions;
    expect(() => createCache(options)).toThrow("createCache.local is an object; allowed is an object with ttlMs");
  });

  test.each(noLives)("case %i: a set for %o is refused and keeps nothing", async (_case, value, shown) => {
    const users = fleet.process().namespace<string>("user");
    await expect(users.set("1", "v", { ttlMs: value as number })).rejects.toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringContaining(`user.set.ttlMs is ${shown}; allowed is a number of milliseconds above 0`),
    });
    expect(users.peek("1")).toBeUndefined();
    expect(fleet.shared.count()).toBe(0);
  });

  test("case 41: undefined is the default", async () => {
    const users = fleet.process({ ttlMs: 50 }).namespace<string>("user", { ttlMs: undefined } as never);
    await users.set("1", "v", { ttlMs: undefined } as never);
    fleet.clock.advance(49);
    expect(users.peek("1")).toBe("v");
    fleet.clock.advance(1);
    expect(users.peek("1")).toBeUndefined();
  });
});

describe("a life decided by the value", () => {
  test.each<[number, unknown]>([
    ...noLives.map(([id, value]): [number, unknown] => [id, value]),
    [41, undefined],
    [128, true],
    [68, Promise.resolve(10)],
  ])("case %i: of %o hands the value out and keeps it nowhere", async (_case, ttl) => {
    const load = vi.fn(() => 1);
    const numbers = fleet.process().namespace("n", { load, ttlMs: () => ttl as number });
    expect(await numbers.get("a")).toBe(1);
    await fleet.settled();
    expect(numbers.peek("a")).toBeUndefined();
    expect(valuesIn(fleet.shared).count("write")).toBe(0);
    expect(fleet.observer.count("not-kept")).toBe(1);
  });

  test("that throws hands the value out and keeps it nowhere", async () => {
    const ttlMs = (user: { readonly ttl: number }): number => user.ttl;
    const users = fleet.process().namespace<{ readonly ttl: number }>("user", { load: () => null as never, ttlMs });
    expect(await users.get("a")).toBeNull();
    await fleet.settled();
    expect(users.peek("a")).toBeUndefined();
    expect(valuesIn(fleet.shared).count("write")).toBe(0);
  });
});

describe("a length that is allowed", () => {
  test.each([
    [33, 1.5],
    [34, 0.4],
    [35, 2 ** 31 - 1],
    [36, 2 ** 31],
    [36, 2 ** 32 + 10],
  ])("case %i: a value of %d ms is there to its end and then gone, in every process", async (_case, ttlMs) => {
    const local = { ttlMs: Number.POSITIVE_INFINITY };
    const here = fleet.process().namespace<string>("user", { ttlMs, local });
    await here.set("1", "v");
    fleet.clock.advance(ttlMs * 0.75);
    const there = fleet.process().namespace<string>("user", { ttlMs });
    expect(here.peek("1")).toBe("v");
    expect(await there.get("1")).toBe("v");
    fleet.clock.advance(ttlMs * 0.25);
    expect(here.peek("1")).toBeUndefined();
    expect(await there.get("1")).toBeUndefined();
    expect(await fleet.process().namespace<string>("user").get("1")).toBeUndefined();
  });

  test.each([
    [31, Number.POSITIVE_INFINITY],
    [37, 2 ** 53],
    [38, 1e21],
  ])("case %i: a value of %d ms outlives a century, in every process", async (_case, ttlMs) => {
    await fleet.process().namespace<string>("user", { ttlMs }).set("1", "v");
    fleet.clock.advance(100 * 365 * 86_400_000);
    expect(await fleet.process().namespace<string>("user").get("1")).toBe("v");
  });
});

describe("lengths that do not fit together", () => {
  test("case 43: a soft timeout longer than the hard one leaves the hard one in force", async () => {
    const load = vi
      .fn<() => number | Promise<number>>()
      .mockReturnValueOnce(1)
      .mockReturnValue(new Promise(() => {}));
    const rules = { ttlMs: 100, staleIfErrorMs: 1_000, softTimeoutMs: 500, hardTimeoutMs: 50 };
    const numbers = fleet.process().namespace("n", { load, ...rules });
    await numbers.get("a");
    fleet.clock.advance(100);
    const reading = numbers.get("a");
    await fleet.settled();
    fleet.clock.advance(50);
    expect(await reading).toBe(1);
    expect(fleet.observer.of("stale")[0]?.why).toBe("load-failed");
  });

  test("case 43: a local limit longer than the time to live prolongs nothing", async () => {
    const users = fleet.process().namespace<string>("user", { ttlMs: 100, local: { ttlMs: 1_000 } });
    await users.set("1", "v");
    fleet.clock.advance(100);
    expect(users.peek("1")).toBeUndefined();
    expect(await users.get("1")).toBeUndefined();
  });

  test.each([1, 1.5, -0.1, Number.NaN, Number.POSITIVE_INFINITY, "0.1", null, true])(
    "case 44: a jitter of %o is refused",
    (ttlJitter) => {
      const options = { tiers: [fleet.shared], ttlJitter } as CacheOptions;
      expect(() => createCache(options)).toThrow(/^createCache\.ttlJitter is .+; allowed is a number from 0 up to/);
    },
  );

  test("case 44: the largest jitter shortens a life and never prolongs it", async () => {
    const users = fleet
      .process()
      .namespace<number, [id: number]>("user", { key: (id) => [id], ttlMs: 100, ttlJitter: 0.999 });
    const ids = Array.from({ length: 100 }, (_, id) => id);
    await Promise.all(ids.map((id) => users.set(id, id)));
    fleet.clock.advance(50);
    const left = ids.filter((id) => users.peek(id) !== undefined).length;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(100);
    fleet.clock.advance(50);
    expect(ids.filter((id) => users.peek(id) !== undefined)).toEqual([]);
  });

  test.each([
    ["longer", 100, 1_000],
    ["shorter", 1_000, 50],
  ])("case 45: a stale time %s than the time to live comes on top of it", async (_kind, ttlMs, staleIfErrorMs) => {
    const load = vi.fn<() => Promise<number>>().mockResolvedValueOnce(1).mockRejectedValue(new Error("away"));
    const numbers = fleet.process().namespace("n", { load, ttlMs, staleIfErrorMs, retryLoadAfterMs: 0 });
    await numbers.get("a");
    fleet.clock.advance(ttlMs - 1);
    expect(numbers.peek("a")).toBe(1);
    fleet.clock.advance(staleIfErrorMs);
    expect(await numbers.get("a")).toBe(1);
    fleet.clock.advance(1);
    await expect(numbers.get("a")).rejects.toThrow("away");
  });
});
