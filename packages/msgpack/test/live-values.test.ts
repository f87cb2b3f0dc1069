import { expect, test } from "vitest";
import { msgpack } from "../src/index.ts";

/* Values that run code when they are read: getters and proxies. */

const serializer = msgpack();
const encode = (value: unknown): Uint8Array => serializer.encode(value, "some:key");
const decode = (bytes: Uint8Array): unknown => serializer.decode(bytes, "some:key");

const boom = new Error("secret");
const thrower = (): never => {
  throw boom;
};
const proxy = (traps: ProxyHandler<object>, target: object = { a: 1 }): object => new Proxy(target, traps);

test.each<[what: string, value: unknown, path: string]>([
  [
    "a getter",
    {
      inner: {
        get boom() {
          return thrower();
        },
      },
    },
    "$.inner.boom",
  ],
  ["a getter of a list", [Object.defineProperty([0], 0, { get: thrower, enumerable: true })], "$[0][0]"],
  ["a proxy asked for its keys", { a: [proxy({ ownKeys: thrower })] }, "$.a[0]"],
  ["a proxy asked for a value", { a: proxy({ get: thrower }) }, "$.a.a"],
  ["a proxy asked for its prototype", new Map([["a", proxy({ getPrototypeOf: thrower })]]), "$[0][1]"],
  ["a proxy asked for anything", proxy({ getPrototypeOf: thrower }), "$"],
  ["a proxy of a list", new Set([proxy({ get: thrower }, [1])]), "$[0]"],
  ["a proxy that was taken back", [revoked()], "$[0]"],
])("%s that throws is refused with its place, and its error kept as the cause", (_, value, path) => {
  expect(() => encode(value)).toThrow(`msgpack() cannot keep ${path}: it is something that cannot be read.`);
  expect(() => encode(value)).toThrow(expect.objectContaining({ code: "INVALID_VALUE", cause: expect.any(Error) }));
});

function revoked(): object {
  const { proxy: taken, revoke } = Proxy.revocable({}, {});
  revoke();
  return taken;
}

test("a proxy without end is given up after as many steps as the limits allow", () => {
  let asked = 0;
  const endless = (keys: readonly string[]): object =>
    proxy({
      get: (_target, key) => (typeof key === "string" ? endless(keys) : undefined),
      ownKeys: () => [...keys],
      getOwnPropertyDescriptor: () => (asked++, { enumerable: true, configurable: true }),
    });
  expect(() => encode(endless(["deeper"]))).toThrow("nested more than 64 deep");
  expect(asked).toBeLessThan(200);
  const wide = Array.from({ length: 1_000 }, (_, index) => `key ${index}`);
  asked = 0;
  expect(() => msgpack({ maxDepth: 3 }).encode(endless(wide), "some:key")).toThrow();
  expect(() => msgpack({ maxNodes: 5_000 }).encode(endless(wide), "some:key")).toThrow("more than 5000 nodes");
  expect(asked).toBeLessThan(20_000);
});

test("a list that says it is endless is refused before it is read", () => {
  let reads = 0;
  const list = proxy({ get: (_target, key) => (reads++, key === "length" ? 2 ** 32 - 1 : 1) }, []);
  expect(() => encode(list)).toThrow("more than 1048576 nodes");
  expect(reads).toBeLessThan(10);
});

const meanwhile = (change: () => unknown): object => ({
  get a() {
    change();
    return 1;
  },
});

test.each<[what: string, make: () => unknown]>([
  [
    "a Map",
    () => {
      const map = new Map<string, unknown>();
      return map.set(
        "a",
        meanwhile(() => map.set("b", 1)),
      );
    },
  ],
  [
    "a Set",
    () => {
      const set = new Set<unknown>();
      return set.add(meanwhile(() => set.add(2)));
    },
  ],
  [
    "a list",
    () => {
      const list: unknown[] = [];
      list.push(
        meanwhile(() => list.pop()),
        1,
      );
      return list;
    },
  ],
  [
    "an object",
    () => {
      const record: { first?: unknown; last?: number } = {};
      record.first = meanwhile(() => delete record.last);
      record.last = 1;
      return record;
    },
  ],
])("%s that a getter changes meanwhile is refused", (_, make) => {
  expect(() => encode(make())).toThrow(expect.objectContaining({ code: "INVALID_VALUE" }));
});

test("a getter may encode something itself", () => {
  const value = {
    before: "x".repeat(100),
    get inner() {
      return decode(
        encode({
          deep: [
            1,
            {
              get deeper() {
                return encode("y").byteLength;
              },
            },
          ],
        }),
      );
    },
    after: 1,
  };
  const expected = { before: "x".repeat(100), inner: { deep: [1, { deeper: 2 }] }, after: 1 };
  expect(decode(encode(value))).toStrictEqual(expected);
  expect(decode(encode({ a: [value, value] }))).toStrictEqual({ a: [expected, expected] });
});
