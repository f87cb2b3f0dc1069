import { type CacheOptions, createCache, type EntryOptions, isCacheError, json, type Tiers } from "@tiercache/core";
import { type LruOptions, lru } from "@tiercache/lru";
import { msgpack } from "@tiercache/msgpack";
import { type RedisOptions, redis } from "@tiercache/redis";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

afterEach(() => {
  vi.useRealTimers();
});

const refused = (message: string) =>
  expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining(message) });

describe("the address of a server", () => {
  test.each([
    [117, "empty", ""],
    [117, "without a host", "redis://"],
    [117, "of another scheme", "http://:hunter2@cache"],
    [117, "without a scheme", "cache:6379"],
    [117, "with a bare # in its password", "redis://:hunter2#x@cache"],
    [117, "with a bare % in its password", "redis://:hunter2%@cache"],
    [118, "of port 0", "redis://:hunter2@cache:0"],
    [118, "of port 65536", "redis://:hunter2@cache:65536"],
    [118, "of port NaN", "redis://:hunter2@cache:NaN"],
    [118, "with a space after its port", "redis://:hunter2@cache:6379 /0"],
    [119, "of database -1", "redis://:hunter2@cache/-1"],
    [119, "of database 'abc'", "redis://:hunter2@cache/abc"],
    [122, "with an option that would not be heeded", "redis://:hunter2@cache?lazyConnect=true"],
  ])("case %i: %s is refused without being shown", (_case, _kind, url) => {
    const error = thrownBy(() => redis({ url }));
    expect(error).toEqual(refused("redis.url is a value that is not shown; allowed is a redis:// or rediss:// URL"));
    expect(String(error)).not.toContain("hunter2");
  });

  const url = "redis://cache";

  test.each<[number, string, readonly [options: object, message: string]]>([
    [117, "missing", [{}, "redis needs one of url, sentinel, cluster and client; none is given."]],
    [117, "undefined", [{ url: undefined }, "redis needs one of url, sentinel, cluster and client; none is given."]],
    [117, "null", [{ url: null }, "redis.url is a value that is not shown"]],
    [
      127,
      "none, but a client that is none",
      [{ client: {} }, "redis.client is an object; allowed is an ioredis client"],
    ],
    [
      117,
      "a cluster's without nodes",
      [{ cluster: { nodes: [] } }, "redis.cluster.nodes is a value that is not shown"],
    ],
    [117, "a group's without a name", [{ sentinel: { nodes: [url] } }, "redis.sentinel.group is missing"]],
    [120, "right, but a timeout of NaN", [{ url, commandTimeoutMs: Number.NaN }, "redis.commandTimeoutMs is NaN"]],
    [129, "right, but a timeout of '200ms'", [{ url, commandTimeoutMs: "200ms" }, 'redis.commandTimeoutMs is "200ms"']],
  ])("case %i: %s is refused", (_case, _kind, [options, message]) => {
    expect(thrownBy(() => redis(options as unknown as RedisOptions))).toEqual(refused(message));
  });

  test("case 127: a client that has been ended costs no reader anything but the load", async () => {
    const client = new Redis({ lazyConnect: true });
    client.disconnect();
    const cache = createCache({ tiers: [lru(), redis({ client })], observer: fleet.observer });
    const users = cache.namespace("user", { load: (id) => id });
    expect(await users.get("1")).toBe("1");
    expect(await users.set("2", "v")).toEqual({ status: "queued" });
    expect(await users.get("2")).toBe("v");
    expect(fleet.observer.count("tier-failed")).toBeGreaterThan(0);
    await cache.close();
  });
});

describe("a limit of the local tier", () => {
  const noCounts = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, "100", null, 10n];

  test.each(noCounts)("case 120: of %o entries is refused", (maxEntries) => {
    const options = { maxEntries } as LruOptions;
    expect(thrownBy(() => lru(options))).toEqual(refused("; allowed is a whole number of at least 1."));
  });

  test.each(noCounts)("case 120: of %o bytes is refused", (maxBytes) => {
    const options = { maxBytes, sizeOf: () => 1 } as LruOptions;
    expect(thrownBy(() => lru(options))).toEqual(refused("; allowed is a whole number of at least 1."));
  });

  test.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, "8", undefined, 2 ** 60])(
    "case 120: on bytes, with a size of %o, keeps the value out of that tier alone",
    async (size) => {
      const tiers: Tiers = [lru({ maxBytes: 1_000, sizeOf: () => size as number }), fleet.shared];
      const load = vi.fn((id: string) => id);
      const users = fleet.process({ tiers }).namespace("user", { load });
      expect(await users.get("1")).toBe("1");
      await fleet.settled();
      expect(users.peek("1")).toBeUndefined();
      expect(await users.get("1")).toBe("1");
      expect(load).toHaveBeenCalledTimes(1);
    },
  );
});

describe("a share of the local tier", () => {
  const noParts = [
    -1,
    -Number.MIN_VALUE,
    1 + Number.EPSILON,
    50,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "0.5",
    null,
    1n,
    true,
  ];

  test.each(noParts)("case 120: a minShare of %o is refused", (minShare) => {
    const declaration = { local: { minShare } } as EntryOptions;
    const error = thrownBy(() => fleet.process().namespace("user", declaration));
    expect(error).toEqual(refused("; allowed is a number from 0 to 1."));
    expect(error).toEqual(refused('namespace "user".local.minShare is '));
  });

  test.each([...noParts, 0, -0])("case 120: a maxShare of %o is refused", (maxShare) => {
    const declaration = { local: { maxShare } } as EntryOptions;
    const error = thrownBy(() => fleet.process().namespace("user", declaration));
    expect(error).toEqual(refused("; allowed is a number above 0 and up to 1."));
    expect(error).toEqual(refused('namespace "user".local.maxShare is '));
  });

  test("case 120: none, all and the same for both are allowed, and undefined is the default", () => {
    const cache = createCache({ tiers: [lru()], local: { ttlMs: 10, minShare: undefined } as never });
    cache.namespace("none", { local: { minShare: 0, maxShare: 1 } });
    cache.namespace("some", { local: { minShare: 0.2, maxShare: 0.2 } });
    cache.namespace("default", { local: { minShare: undefined, maxShare: undefined } as never });
    expect(() => cache.namespace("all", { local: { minShare: 0.8 } })).not.toThrow();
  });

  test("case 120: one that is right is kept to, and is no other namespace's", async () => {
    const cache = createCache({ tiers: [lru({ maxEntries: 10 })] });
    const kept = cache.namespace<number>("kept", { local: { minShare: 0.8 } });
    const capped = cache.namespace<number>("capped", { local: { maxShare: 0.1 } });
    const busy = cache.namespace<number>("busy");
    const held = (namespace: typeof busy) => ids.filter((id) => namespace.peek(id) !== undefined).length;
    const ids = Array.from({ length: 8 }, (_, id) => `${id}`);
    for (const namespace of [kept, capped, busy]) await namespace.setMany(ids.map((id) => [id, 1]));
    expect([kept, capped, busy].map(held)).toEqual([8, 1, 1]);
    await cache.close();
  });
});

describe("options", () => {
  test.each<[number, string, readonly [options: object, message: string]]>([
    [122, "a typing error", [{ ttlMS: 5 }, "ttlMS is not an option; the options are ttlMs, "]],
    [122, "an option of another library", [{ ttl: "5m" }, "ttl is not an option"]],
    [123, "an own key __proto__", [JSON.parse('{"__proto__":{"ttlMs":1}}') as object, "__proto__ is not an option"]],
    [123, "an own key constructor", [{ constructor: Object }, "constructor is not an option"]],
    [128, "sliding: 'false'", [{ sliding: "false" }, 'sliding is "false"; allowed is true or false']],
    [128, "sliding: '0'", [{ sliding: "0" }, 'sliding is "0"; allowed is true or false']],
    [128, "sliding: 1", [{ sliding: 1 }, "sliding is 1; allowed is true or false"]],
    [129, "a ttl of '5m'", [{ ttlMs: "5m" }, 'ttlMs is "5m"; allowed is a number of milliseconds']],
    [125, "a prefix with a brace", [{ prefix: "{app}" }, 'prefix is "{app}"; allowed is letters,']],
    [125, "an empty prefix", [{ prefix: "" }, 'prefix is ""; allowed is letters,']],
    [45, "a refresh at 0", [{ refreshAhead: 0 }, "refreshAhead is 0; allowed is a number above 0 and below 1"]],
    [45, "a refresh at '0.5'", [{ refreshAhead: "0.5" }, 'refreshAhead is "0.5"; allowed is']],
    [122, "an observer that hears nothing", [{ observer: {} }, "observer is an object; allowed is an observer"]],
    [131, "a clock without timers", [{ clock: Date }, "clock is a function; allowed is a clock"]],
  ])("case %i: with %s are refused", (_case, _kind, [options, message]) => {
    const whole = Object.defineProperties({ tiers: [lru()] }, Object.getOwnPropertyDescriptors(options));
    expect(thrownBy(() => createCache(whole as unknown as CacheOptions))).toEqual(refused(`createCache.${message}`));
  });

  test.each(["", " ", "a:b", "{a}", "a b", "é", "a\n", "*", undefined, null, 1, ["a"]])(
    "case 125: a namespace named %o is refused",
    (name) => {
      const error = thrownBy(() => fleet.process().namespace(name as string));
      expect(error).toEqual(refused("; allowed is letters, digits, '.', '_' and '-'."));
    },
  );

  test.each(["__proto__", "constructor", "toString"])(
    "case 125: a namespace named %s is an ordinary one",
    async (name) => {
      await fleet.process().namespace<string>(name).set("1", "v");
      expect(await fleet.process().namespace<string>(name).get("1")).toBe("v");
    },
  );
});

describe("the world around a cache", () => {
  test("case 124: two processes with different serializers never misread each other's values", async () => {
    const one = fleet.process({ serializer: json }).namespace("user", { load: () => ["from json"] });
    const two = fleet.process({ serializer: msgpack() }).namespace("user", { load: () => ["from msgpack"] });
    await one.get("1");
    await fleet.settled();
    expect(await two.get("1")).toEqual(["from msgpack"]);
    expect(fleet.observer.of("frame-rejected")).toEqual([
      { type: "frame-rejected", namespace: "user", tier: "memory", reason: "other-serializer" },
    ]);
  });

  test("case 131: a clock replaced by fake timers is followed, and the date alone is not", async () => {
    vi.useFakeTimers({ now: 0 });
    const users = createCache({ tiers: [lru()], ttlMs: 1_000 }).namespace<string>("user");
    await users.set("1", "v");
    vi.setSystemTime(86_400_000);
    expect(users.peek("1")).toBe("v");
    vi.advanceTimersByTime(1_000);
    expect(users.peek("1")).toBeUndefined();
  });

  test("case 132: two copies of the package understand each other's tiers and errors", async () => {
    vi.resetModules();
    const copy = await import("@tiercache/core");
    expect(copy.createCache).not.toBe(createCache);
    const error = thrownBy(() => copy.createCache({ tiers: [lru()], ttlMs: -1 }));
    expect(isCacheError(error) && error.code).toBe("INVALID_OPTION");
    const users = copy.createCache({ tiers: [lru(), fleet.shared] }).namespace("user", { load: (id) => id });
    expect(await users.get("1")).toBe("1");
  });

  test("case 133: closing twice, or while a load runs, leaves no reader without its answer", async () => {
    const answer = Promise.withResolvers<string>();
    const cache = fleet.process();
    const users = cache.namespace("user", { load: () => answer.promise });
    const read = users.get("1");
    await fleet.settled();
    await Promise.all([cache.close(), cache.close()]);
    await cache.close();
    answer.resolve("late");
    expect(await read).toBe("late");
    await expect(users.get("2")).rejects.toMatchObject({ code: "CLOSED", message: "The cache is closed." });
    expect(fleet.shared.count("close")).toBe(1);
  });
});

function thrownBy(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}
