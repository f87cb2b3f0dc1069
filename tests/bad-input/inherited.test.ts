import { type CacheOptions, createCache, type EntryOptions } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { beforeEach, describe, expect, test } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const ancestor: object = Object.prototype;

/** Does something while every object of the process inherits a property, as after a careless merge of foreign data. */
function polluted<T>(name: string, value: unknown, run: () => T): T {
  Object.defineProperty(ancestor, name, { value, configurable: true, writable: true });
  try {
    return run();
  } finally {
    Reflect.deleteProperty(ancestor, name);
  }
}

const refused = (message: string) =>
  expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining(message) });

describe("an option that every object inherits is checked like one that was given:", () => {
  test.each<[string, unknown]>([
    ["ttlMs", -1],
    ["ttlMs", Number.NaN],
    ["negativeTtlMs", "5m"],
    ["ttlJitter", 1],
    ["sliding", "false"],
    ["staleWhileRevalidateMs", -1],
    ["staleIfErrorMs", Number.NaN],
    ["retryLoadAfterMs", null],
    ["refreshAhead", 0],
    ["softTimeoutMs", 0],
    ["hardTimeoutMs", "1m"],
    ["isolate", "deep"],
    ["local", { ttlMs: 0 }],
  ])("%s of %o, of a cache and of a namespace", (name, value) => {
    const cache = fleet.process();
    const make = [
      () => createCache({ tiers: [lru()] }),
      () => cache.namespace("user", {}),
      () => cache.namespace("other"),
    ];
    for (const [at, owner] of ["createCache", 'namespace "user"', 'namespace "other"'].entries()) {
      expect(thrownBy(() => polluted(name, value, make[at] ?? (() => {})))).toEqual(refused(`${owner}.${name} is `));
    }
  });

  test.each<[string, unknown]>([
    ["deadlineMs", Number.POSITIVE_INFINITY],
    ["prefix", "a:b"],
    ["enabled", "false"],
    ["serializer", {}],
    ["observer", {}],
    ["clock", {}],
  ])("%s of %o, of a cache", (name, value) => {
    expect(thrownBy(() => polluted(name, value, () => createCache({ tiers: [lru()] })))).toEqual(
      refused(`createCache.${name} is `),
    );
  });

  test.each<[string, unknown]>([
    ["load", "x"],
    ["loadMany", {}],
    ["key", 5],
    ["schema", {}],
    ["schemaVersion", -1],
    ["migrate", true],
  ])("%s of %o, of a namespace", (name, value) => {
    expect(thrownBy(() => polluted(name, value, () => fleet.process().namespace("user", {})))).toEqual(
      refused(`namespace "user".${name} is `),
    );
  });

  test.each<[string, unknown]>([
    ["from", "loader"],
    ["signal", {}],
    ["skipReading", "lru"],
    ["skipReading", ["l9"]],
    ["skipWriting", [undefined]],
  ])("%s of %o, of a read", async (name, value) => {
    const users = fleet.process().namespace("user", { load: (id) => id });
    for (const options of [{}, undefined]) {
      const read = polluted(name, value, () => users.read("a", options));
      await expect(read).rejects.toEqual(refused(`user.read.${name}`));
    }
    expect(fleet.shared.count()).toBe(0);
  });

  test.each<[string, unknown]>([
    ["ttlMs", Number.NaN],
    ["skipWriting", ["l9"]],
  ])("%s of %o, of a write", async (name, value) => {
    const users = fleet.process().namespace<string>("user");
    const setting = polluted(name, value, () => users.set("a", "v", {}));
    await expect(setting).rejects.toEqual(refused(`user.set.${name}`));
    expect(users.peek("a")).toBeUndefined();
  });

  test("maxEntries, of the local tier", () => {
    expect(thrownBy(() => polluted("maxEntries", 0, () => lru({})))).toEqual(refused("lru.maxEntries is 0"));
  });
});

describe("options", () => {
  test("that stand in a prototype of their own are heeded and checked", async () => {
    const made = Object.assign(Object.create({ ttlMs: 10 }) as object, { tiers: [lru()], clock: fleet.clock });
    const users = createCache(made as CacheOptions).namespace<string>("user");
    await users.set("a", "v");
    fleet.clock.advance(10);
    expect(users.peek("a")).toBeUndefined();
    const wrong = Object.create({ ttlMs: -1 }) as EntryOptions;
    expect(thrownBy(() => fleet.process().namespace("user", wrong))).toEqual(refused('namespace "user".ttlMs is -1'));
  });

  test.each([-1, 0, Number.NaN, "5m", null])("of the local tier that inherit a ttlMs of %o are refused", (ttlMs) => {
    const local = Object.create({ ttlMs }) as NonNullable<EntryOptions["local"]>;
    expect(thrownBy(() => fleet.process({ local }))).toEqual(refused("createCache.local is an object"));
    expect(thrownBy(() => fleet.process().namespace("user", { local }))).toEqual(
      refused('namespace "user".local is an object'),
    );
  });

  test("without any prototype are options", async () => {
    const bare = <T extends object>(options: T): T => Object.assign(Object.create(null) as T, options);
    const cache = createCache(bare({ tiers: [lru()] as const, local: bare({ ttlMs: 5 }) }));
    const users = cache.namespace("user", bare({ load: (id: string) => id }));
    expect(await users.read("a", bare({ from: "load" as const }))).toMatchObject({ value: "a", source: "loader" });
  });

  test("by which others find that an object has a prototype are no options", () => {
    for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__"]) {
      const options = JSON.parse(`{"${name}":1}`) as object;
      expect(thrownBy(() => fleet.process().namespace("user", options))).toEqual(refused(`${name} is not an option`));
    }
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
