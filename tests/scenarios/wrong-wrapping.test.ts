import { type Cache, cached, cachedMethod } from "@tiercache/core";
import { beforeEach, describe, expect, test } from "vitest";
import { LoneProcess } from "./l1/lone-process.ts";

let cache: Cache;

beforeEach(() => {
  cache = new LoneProcess().cache;
});

describe("a wrong option is refused where it is given:", () => {
  const fn = (id: string): string => id;
  const aMethod = { kind: "method" };
  const spare = new LoneProcess().cache;
  const given = { cache: spare, name: "a" };
  const wrap = (options: object | undefined) => () => cached(fn, options as never);
  const method = (options: object | undefined) => () => cachedMethod(options as never);
  const decorated =
    (name: string, ...contexts: readonly unknown[]) =>
    () => {
      const decorator = cachedMethod({ cache: spare, name, key: () => [1] });
      for (const context of contexts) decorator(async () => 1, context as never);
    };

  test.each<[string, () => unknown, string]>([
    ["a function that is none", () => cached("x" as never, given as never), 'The function handed to cached is "x"'],
    ["no options", wrap(undefined), "cached.cache is undefined; allowed is a cache (an object"],
    ["no cache", wrap({ name: "a" }), "cached.cache is undefined; allowed is a cache (an object"],
    ["a cache that is none", wrap({ name: "a", cache: {} }), "cached.cache is an object; allowed is a cache"],
    ["no name", wrap({ cache: spare }), "The name of a namespace is undefined; allowed is letters"],
    ["a negative ttl", wrap({ ...given, ttlMs: -1 }), "cached.ttlMs is -1; allowed is"],
    ["an unknown name", wrap({ ...given, ttl: 1 }), "cached.ttl is not an option"],
    ["another loader", wrap({ ...given, loadMany: () => [] }), "cached.loadMany is not an option"],
    ["a key that is no function", wrap({ ...given, key: "id" }), 'cached.key is "id"; allowed is a function'],
    ["a method without options", method(undefined), "cachedMethod.cache is undefined"],
    ["a method without a key", method(given), "cachedMethod.key is undefined; allowed is a function"],
    ["a field", decorated("b", { kind: "field" }), 'The decorator "b" decorates something else than a method'],
    ["a legacy decorator", decorated("c", "find"), 'The decorator "c" decorates something else than a method'],
    ["two methods", decorated("d", aMethod, aMethod), 'The decorator "d" decorates a second method'],
    ["a name that is taken", () => [wrap(given)(), wrap(given)()], 'The namespace "a" is declared twice'],
  ])("%s", (_, make, message) => {
    const stated = expect.stringContaining(message);
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_OPTION", message: stated }));
  });

  test("a closed cache accepts no function, and a cached one rejects", async () => {
    const user = cached(fn, { cache, name: "user" });
    await cache.close();
    await expect(user("1")).rejects.toMatchObject({ code: "CLOSED" });
    expect(() => cached(fn, { cache, name: "a" })).toThrow(expect.objectContaining({ code: "CLOSED" }));
  });
});
