import { expect, test } from "vitest";
import { msgpack } from "./msgpack.ts";

const serializer = msgpack();

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
}

/** Any instance of a class. */
class Instance {
  readonly secret = "secret";
}

test.each<[what: string, value: unknown, said: string]>([
  ["a function", { user: { tags: [1, 2, 3, () => 0] } }, "$.user.tags[3]: it is a function"],
  ["a class", { type: Map }, "$.type: it is a function"],
  ["a symbol", [Symbol("secret")], "$[0]: it is a symbol"],
  ["a class instance", { "a b": new Instance() }, '$["a b"]: it is an instance of a class'],
  ["a subclass of an array", [new (class Secret extends Array {})()], "$[0]: it is an instance of a class"],
  ["a subclass of a typed array", new (class Secret extends Float32Array {})(1), "$: it is an instance of a class"],
  ["a subclass of a Map", new (class Secret extends Map {})(), "$: it is an instance of a class"],
  ["an error", { cause: new Error("secret") }, "$.cause: it is an instance of a class"],
  ["a regular expression", [[/secret/]], "$[0][0]: it is an instance of a class"],
  ["a promise", { later: Promise.resolve("secret") }, "$.later: it is an instance of a class"],
  ["a boxed number", [new Number(1)], "$[0]: it is an instance of a class"],
  ["a WeakMap", new WeakMap(), "$: it is an instance of a class"],
  ["memory shared between threads", new SharedArrayBuffer(4), "$: it is an instance of a class"],
  ["an object with a toJSON", { toJSON: () => "secret" }, "$.toJSON: it is a function"],
  ["a lone surrogate", { text: "secret \ud800" }, "$.text: it is a string that is not well-formed Unicode"],
  ["a large bigint", [2n ** 64n], "$[0]: it is a bigint of more than 64 bits"],
  ["a large negative bigint", -(2n ** 63n) - 1n, "$: it is a bigint of more than 64 bits"],
  ["a hole", { list: Object.assign([], { 0: 1, 2: 3 }) }, "$.list[1]: it is a hole in a list"],
  [
    "a __proto__ key",
    { a: JSON.parse('{"__proto__":"secret"}') },
    "$.a.__proto__: it is a value under a key that cannot",
  ],
  ["a key with a lone surrogate", { "\udc00": 1 }, '$["\\udc00"]: it is a value under a key that is not well-formed'],
  ["what a Map holds", new Map([["a", [Symbol("secret")]]]), "$[0][1][0]: it is a symbol"],
  ["what a Map is keyed by", new Map([[Symbol("secret"), 1]]), "$[0][0]: it is a symbol"],
  ["what a Set holds", new Set([1, Symbol("secret")]), "$[1]: it is a symbol"],
])("%s is refused, with its place and kind and without its content", (_, value, said) => {
  expect(() => serializer.encode(value)).toThrow(expect.objectContaining({ code: "INVALID_VALUE" }));
  expect(() => serializer.encode(value)).toThrow(`msgpack() cannot keep ${said}`);
  expect(() => serializer.encode(value)).not.toThrow("secret");
});

test("a cycle and too deep a nesting are refused, and no path is endless", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const mapCycle = new Map<string, unknown>();
  mapCycle.set("self", mapCycle);
  expect(serializer.decode(serializer.encode(nested(64)))).toStrictEqual(nested(64));
  for (const value of [cycle, mapCycle, nested(65), nested(20_000)]) {
    expect(() => serializer.encode(value)).toThrow(/^msgpack\(\) cannot keep .{1,100}: it is nested more than 64 deep/);
  }
});

test("a refused value leaves the serializer as it was", () => {
  expect(() => serializer.encode({ first: "x".repeat(100), last: Symbol("x") })).toThrow();
  expect(serializer.decode(serializer.encode({ a: 1 }))).toEqual({ a: 1 });
});

test("a key that was sound in one value is looked at again in the next", () => {
  serializer.encode({ a: 1, b: 2 });
  serializer.encode({ a: 1, b: 2 });
  expect(() => serializer.encode({ a: 1, ["\ud800"]: 2 })).toThrow("is not well-formed Unicode");
});
