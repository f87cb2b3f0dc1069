import { expect, test } from "vitest";
import { msgpack } from "./msgpack.ts";

const serializer = msgpack();
const encode = (value: unknown): Uint8Array => serializer.encode(value, "some:key");
const decode = (bytes: Uint8Array): unknown => serializer.decode(bytes, "some:key");

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
}

function holed(length: number): unknown[] {
  return Object.assign([0], Object.fromEntries(Array.from({ length: length - 2 }, (_, index) => [index + 2, index])));
}

/** A list with as many keys as items: one item is a property instead. */
function holedAndNamed(): unknown[] {
  return Object.assign(holed(3), { name: "secret" });
}

function given(buffer: ArrayBuffer): void {
  structuredClone(buffer, { transfer: [buffer] });
}

function detached<Kind extends { readonly buffer: ArrayBufferLike }>(array: Kind): Kind {
  given(array.buffer as ArrayBuffer);
  return array;
}

/** Any instance of a class. */
class Instance {
  readonly secret = "secret";
}

const hidden = (target: object): object => Object.defineProperty(target, "hidden", { value: "secret" });
const long = Array.from({ length: 100 }, (_, index) => index);

test.each<[what: string, value: unknown, said: string]>([
  ["a function", { user: { tags: [1, 2, 3, () => 0] } }, "$.user.tags[3]: it is a function"],
  ["a class", { type: Map }, "$.type: it is a function"],
  ["a symbol", [Symbol("secret")], "$[0]: it is a symbol"],
  ["a class instance", { "a b": new Instance() }, '$["a b"]: it is an instance of a class'],
  ["a subclass of an array", [new (class Secret extends Array {})()], "$[0]: it is an instance of a class"],
  ["a subclass of a typed array", new (class Secret extends Float32Array {})(1), "$: it is an instance of a class"],
  ["a subclass of a Map", new (class Secret extends Map {})(), "$: it is an instance of a class"],
  ["a subclass of a Date", new (class Secret extends Date {})(), "$: it is an instance of a class"],
  ["what is only called an array", Object.create(Array.prototype), "$: it is an instance of a class"],
  ["what is only called a Map", [Object.create(Map.prototype)], "$[0]: it is something that cannot be read"],
  ["what is only called a Date", [Object.create(Date.prototype)], "$[0]: it is something that cannot be read"],
  ["an error", { cause: new Error("secret") }, "$.cause: it is an instance of a class"],
  ["a regular expression", [[/secret/]], "$[0][0]: it is an instance of a class"],
  ["a promise", { later: Promise.resolve("secret") }, "$.later: it is an instance of a class"],
  ["a boxed number", [new Number(1)], "$[0]: it is an instance of a class"],
  ["a WeakMap", new WeakMap(), "$: it is an instance of a class"],
  ["memory shared between threads", new SharedArrayBuffer(4), "$: it is an instance of a class"],
  ["memory given away", { a: detached(new Uint8Array(8)).buffer }, "$.a: it is something that cannot be read"],
  ["an array of memory given away", detached(new Int16Array(8)), "$: it is something that cannot be read"],
  ["memory that can grow", new ArrayBuffer(1, { maxByteLength: 2 }), "$: it is an ArrayBuffer that can be resized"],
  ["an object with a toJSON", { toJSON: () => "secret" }, "$.toJSON: it is a function"],
  ["a lone surrogate", { text: "secret \ud800" }, "$.text: it is a string that is not well-formed Unicode"],
  ["a long string with one", [`${"secret ".repeat(9)}\udc00`], "$[0]: it is a string that is not well-formed Unicode"],
  ["a large bigint", [2n ** 64n], "$[0]: it is a bigint of more than 64 bits"],
  ["a large negative bigint", -(2n ** 63n) - 1n, "$: it is a bigint of more than 64 bits"],
  ["a hole", { list: holed(3) }, "$.list[1]: it is a hole in a list"],
  ["a hole in a long list", { list: holed(100) }, "$.list[1]: it is a hole in a list"],
  ["a hole made up for", { list: holedAndNamed() }, "$.list[1]: it is a hole in a list"],
  [
    "a list with a name",
    [Object.assign([1], { name: "secret" })],
    "$[0]: it is a list with properties beside its items",
  ],
  ["a long one", { a: Object.assign([...long], { a: 1 }) }, "$.a: it is a list with properties beside its items"],
  ["a match", { match: /a/.exec("a secret") }, "$.match: it is a list with properties beside its items"],
  ["a key that is a symbol", { a: { b: 1, [Symbol("secret")]: 2 } }, "$.a: it is an object with symbols as keys"],
  ["a hidden property", [hidden({ a: 1 })], "$[0]: it is an object with properties that are not enumerable"],
  ["hidden properties alone", hidden({}), "$: it is an object with properties that are not enumerable"],
  ["a property of a Date", [Object.assign(new Date(0), { a: 1 })], "$[0]: it is a Date with further properties"],
  ["a property of a Map", [Object.assign(new Map(), { a: 1 })], "$[0]: it is a Map with further properties"],
  ["a symbol on a Set", Object.assign(new Set(), { [Symbol("a")]: 1 }), "$: it is a Set with further properties"],
  [
    "a __proto__ key",
    { a: JSON.parse('{"__proto__":"secret"}') },
    "$.a.__proto__: it is a value under a key that cannot be kept",
  ],
  ["a key with a lone surrogate", { "\udc00": 1 }, '$["\\udc00"]: it is a value under a key that is not well-formed'],
  ["what a Map holds", new Map([["a", [Symbol("secret")]]]), "$[0][1][0]: it is a symbol"],
  [
    "what a Map is keyed by",
    new Map([
      [1 as unknown, 1],
      [Symbol("secret"), 1],
    ]),
    "$[1][0]: it is a symbol",
  ],
  ["what a Set holds", new Set([1, Symbol("secret")]), "$[1]: it is a symbol"],
])("%s is refused, with its place and kind and without its content", (_, value, said) => {
  for (let round = 0; round < 2; round++) {
    expect(() => encode(value)).toThrow(expect.objectContaining({ code: "INVALID_VALUE" }));
    expect(() => encode(value)).toThrow(`msgpack() cannot keep ${said}`);
    expect(() => encode(value)).not.toThrow("secret");
  }
});

test("a cycle and too deep a nesting are refused, and no path is endless", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const mapCycle = new Map<string, unknown>();
  mapCycle.set("self", mapCycle);
  const setCycle = new Set<unknown>();
  setCycle.add(setCycle);
  expect(decode(encode(nested(64)))).toStrictEqual(nested(64));
  for (const value of [cycle, mapCycle, setCycle, nested(65), nested(20_000)]) {
    expect(() => encode(value)).toThrow(/^msgpack\(\) cannot keep .{1,100}: it is nested more than 64 deep/);
  }
});

test("a refused value leaves the serializer as it was", () => {
  expect(() => encode({ first: "x".repeat(100), last: Symbol("x") })).toThrow();
  expect(decode(encode({ a: 1 }))).toEqual({ a: 1 });
});

test("a key that was sound in one value is looked at again in the next", () => {
  encode({ a: 1, b: 2 });
  encode({ a: 1, b: 2 });
  expect(() => encode({ a: 1, ["\ud800"]: 2 })).toThrow("is not well-formed Unicode");
  expect(() => encode([{ a: 1 }, JSON.parse('{"__proto__":1}')])).toThrow("under a key that cannot be kept");
});

test("keys of any length, at any place, are written as they are time and again", () => {
  const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 23, 24, 25, 27, 28, 29, 31, 32, 33, 255, 256];
  const records = lengths.flatMap((length) => [
    { ["a".repeat(length)]: length },
    { ["é".repeat(length)]: length },
    { first: 1, ["b".repeat(length)]: { ["a".repeat(length)]: [{ ["a".repeat(length)]: 1 }] } },
  ]);
  const large = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`key ${index}`, index]));
  for (const value of [...records, records, [large, large]]) {
    for (let round = 0; round < 3; round++) expect(decode(encode(value))).toStrictEqual(value);
  }
});

test("a key that was the last to fit into a piece of memory is written as it is the next time too", () => {
  // Wherever in its memory a value begins, one of these keys ends where that does.
  for (let bytes = 65_440; bytes < 65_540; bytes++) {
    const key = `key${bytes}`;
    const value = [new Uint8Array(bytes), { [key]: 1 }, { [key]: 2 }];
    const fresh = msgpack();
    fresh.encode("what lies before it");
    expect(fresh.decode(fresh.encode(value))).toEqual(value);
    expect(fresh.decode(fresh.encode({ [key]: 3 }))).toEqual({ [key]: 3 });
  }
});

test("a property of the prototype of all objects is no part of a value", () => {
  const prototype = Object.prototype as Record<string, unknown>;
  prototype["inherited"] = () => 0;
  try {
    expect(Object.keys(decode(encode({ a: 1, b: { c: 1 } })) as object)).toEqual(["a", "b"]);
    expect(Object.keys(decode(encode({ inherited: 1 })) as object)).toEqual(["inherited"]);
  } finally {
    delete prototype["inherited"];
  }
});
