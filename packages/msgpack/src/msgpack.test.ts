import { serializerSuite } from "@tiercache/testing";
import { Packr } from "msgpackr";
import { describe, expect, test } from "vitest";
import { type MsgpackOptions, msgpack } from "./msgpack.ts";

const serializer = msgpack();
const encode = (value: unknown): Uint8Array => serializer.encode(value, "some:key");
const decode = (bytes: Uint8Array): unknown => serializer.decode(bytes, "some:key");

const keeps: Readonly<Record<string, unknown>> = {
  undefined: { absent: undefined, list: [undefined] },
  "numbers that JSON lacks": [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  "minus zero": -0,
  "minus zero here and there": { a: -0, b: [0, -0, { c: -0 }], d: 0 },
  bigints: [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 2n ** 64n - 1n],
  dates: [new Date(0), new Date(1), new Date(1_763_600_000_123), new Date(-1), new Date(8.64e15), new Date(-8.64e15)],
  "an invalid date": new Date(Number.NaN),
  bytes: Uint8Array.of(0, 1, 127, 128, 255),
  "no bytes": new Uint8Array(0),
  "many bytes": new Uint8Array(70_000).fill(7),
  "an ArrayBuffer": Uint8Array.of(1, 2, 3).buffer,
  "a DataView": new DataView(Uint8Array.of(1, 2, 3).buffer),
  "a Map": new Map<unknown, unknown>([
    ["a", 1],
    [1, "a"],
    [{ key: "object" }, new Date(5)],
    [0, undefined],
    [new Map([[1, 2]]), new Map()],
  ]),
  "a Set": new Set<unknown>(["a", 1, null, undefined, { b: 1 }, [2]]),
  "a Set of Maps and minus zeros": new Set<unknown>([new Map([["a", -0]]), [-0], new Set([new Map()])]),
  "an empty Map and Set": [new Map(), new Set()],
  "large Maps and Sets": [new Map(Array.from({ length: 5_000 }, (_, i) => [`${i}`, 1])), new Set("abcdefghijklmnopq")],
  "integer-like and odd keys": { "1": "a", "-1": "b", "1.5": "c", toJSON: 1, hasOwnProperty: 2, constructor: null },
  "keys that are indices": [{ 0: 1, 7: 2, 1023: 3, 4294967294: 4, 4294967295: 5, a: 6 }, { 999: [{ 999: 1 }] }],
};

describe("the contract", () => {
  for (const { title, run } of serializerSuite(serializer, { keeps })) test(title, run);
});

test("a list of a million numbers is within the limits that are there by default", () => {
  const list = Array.from({ length: 1_000_000 }, (_, index) => index % 1_000);
  expect(decode(encode(list))).toStrictEqual(list);
});

test("its id is that of MessagePack", () => {
  expect(serializer.id).toBe(2);
});

test("a Buffer comes back as a plain Uint8Array, from any kind of source", () => {
  const encoded = encode({ bytes: Buffer.from("abc") });
  for (const source of [Buffer.from(encoded), new Uint8Array(encoded)]) {
    expect(decode(source)).toStrictEqual({ bytes: Uint8Array.of(97, 98, 99) });
  }
});

test("an object without a prototype, and one with getters, come back as ordinary ones", () => {
  const bare = Object.assign(Object.create(null) as object, { a: 1, constructor: "text" });
  expect(decode(encode(bare))).toStrictEqual({ a: 1, constructor: "text" });
  const frozen = Object.freeze({
    get a() {
      return 1;
    },
  });
  const decoded = decode(encode(frozen)) as object;
  expect(Object.getOwnPropertyDescriptors(decoded)).toEqual({
    a: { value: 1, writable: true, enumerable: true, configurable: true },
  });
});

test("an object that stands in two places comes back as two", () => {
  const shared = { a: 1 };
  const [first, second] = decode(encode([shared, shared])) as [object, object];
  expect([first, second]).toStrictEqual([shared, shared]);
  expect(first).not.toBe(second);
});

test("encoding does not touch the value", () => {
  const value = Object.freeze({ map: new Map([["a", -0]]), list: Object.freeze([-0]), at: new Date(5) });
  const copy = structuredClone(value);
  encode(value);
  expect(value).toStrictEqual(copy);
});

test("what it writes is what msgpackr writes, and msgpackr reads it", () => {
  const packr = new Packr({
    useRecords: false,
    variableMapSize: true,
    moreTypes: true,
    int64AsType: "bigint",
    useToJSON: false,
  });
  const { bytes: _, "no bytes": __, "many bytes": ___, ...others } = keeps;
  const values = Object.entries(others).filter(([what]) => !/Map|minus zero/.test(what));
  expect(values.length).toBeGreaterThanOrEqual(10);
  for (const [what, value] of values) {
    expect(Buffer.compare(encode(value), packr.pack(value)), what).toBe(0);
    expect(packr.unpack(encode(value))).toEqual(value);
  }
  expect(Buffer.compare(encode(Uint8Array.of(1, 2)), packr.pack(Buffer.of(1, 2)))).toBe(0);
  expect(Object.is(packr.unpack(encode(-0)), -0)).toBe(true);
});

test("memory is taken for many small values at once, and a large value's is not kept for them", () => {
  const chunk = encode(1).buffer;
  expect(() => encode([1, Symbol("refused")])).toThrow();
  expect(encode(2).buffer).toBe(chunk);
  encode("x".repeat(3_000_000));
  expect(encode(3).buffer.byteLength).toBeLessThan(100_000);
});

test("encoded values share no memory that one of them could be changed through", () => {
  const kept = Array.from({ length: 3_000 }, (_, index) => ({ bytes: encode({ index }), index }));
  for (const { bytes, index } of kept) expect(decode(bytes)).toEqual({ index });
});

describe("vectors", () => {
  test.each([0, 1, 62, 63, 64, 768, 16_383, 16_384])("one of %d floats takes 4 bytes each and is kept", (length) => {
    const vector = Float32Array.from({ length }, (_, index) => Math.sin(index));
    const encoded = encode(vector);
    expect(encoded.byteLength - 4 * length).toBeLessThanOrEqual(7);
    expect(decode(encoded)).toStrictEqual(vector);
    expect(encode({ vector }).byteLength - 4 * length).toBeLessThanOrEqual(16);
  });

  test("one of 768 floats takes 3,077 bytes", () => {
    expect(encode(new Float32Array(768)).byteLength).toBe(3_077);
  });

  test("floats are little-endian on the wire", () => {
    expect([...encode(Float32Array.of(1))]).toEqual([0xc7, 5, 0x74, 7, 0, 0, 0x80, 0x3f]);
  });

  test("one that is a part of a larger buffer is encoded alone, and comes back in memory of its own", () => {
    const larger = Float32Array.of(9, 9, 1, 2, 9, 9);
    for (const value of [larger.subarray(2, 4), { vector: larger.subarray(2, 4) }]) {
      const decoded = decode(encode(value));
      const vector = decoded instanceof Float32Array ? decoded : (decoded as { vector: Float32Array }).vector;
      expect([vector, vector.byteOffset, vector.buffer.byteLength]).toStrictEqual([Float32Array.of(1, 2), 0, 8]);
    }
  });
});

describe('with vector: "float32"', () => {
  const vectors = msgpack({ vector: "float32" });
  const roundTrip = (value: unknown): unknown => vectors.decode(vectors.encode(value, "some:key"), "some:key");

  test("a list of numbers takes 4 bytes a number and comes back as one, rounded", () => {
    const list = Array.from({ length: 768 }, (_, index) => Math.sin(index));
    expect(vectors.encode(list, "some:key").byteLength).toBe(3_076);
    expect(roundTrip(list)).toStrictEqual(list.map(Math.fround));
    expect(roundTrip([0.1, -0, 1e-50, 2 ** 24, 2 ** 24 + 1, -3.4e38])).toStrictEqual([
      Math.fround(0.1),
      -0,
      0,
      2 ** 24,
      2 ** 24,
      Math.fround(-3.4e38),
    ]);
    expect(roundTrip([])).toStrictEqual([]);
  });

  test("what was stored so is decoded without the option too", () => {
    expect(decode(vectors.encode([1.5, 2.5], "some:key"))).toStrictEqual([1.5, 2.5]);
  });

  test("whatever is no list is kept exactly", () => {
    const others = [null, 0.1, "0.1", Float32Array.of(0.1), Float64Array.of(0.1), { vector: [0.1] }, new Set([[0.1]])];
    for (const value of others) expect(roundTrip(value)).toStrictEqual(value);
  });

  test.each<[what: string, list: unknown, said: string]>([
    ["NaN", [1, Number.NaN], "$[1]: it is not a finite number of 32 bits"],
    ["infinity", [Number.NEGATIVE_INFINITY], "$[0]: it is not a finite number of 32 bits"],
    ["a number beyond 32 bits", [1, 2, 3.5e38], "$[2]: it is not a finite number of 32 bits"],
    ["a string", ["1"], "$[0]: it is not a finite number of 32 bits"],
    ["a bigint", [1n], "$[0]: it is not a finite number of 32 bits"],
    ["a list", [[1]], "$[0]: it is not a finite number of 32 bits"],
    ["a hole", Object.assign([1], { length: 2 }), "$: it is a list with holes or with properties beside its items"],
    ["a name", Object.assign([1], { name: 1 }), "$: it is a list with holes or with properties beside its items"],
    ["a class", new (class Vector extends Array {})(2), "$: it is an instance of a class"],
  ])("a list with %s is refused, with its place", (_, list, said) => {
    expect(() => vectors.encode(list, "some:key")).toThrow(`msgpack() cannot keep ${said}`);
  });

  test("the limits hold for vectors too", () => {
    const list = Array.from({ length: 1_000 }, () => 1);
    expect(() => msgpack({ vector: "float32", maxBytes: 4_000 }).encode(list, "k")).toThrow("larger than 4000 bytes");
    expect(() => msgpack({ vector: "float32", maxNodes: 1_000 }).encode(list, "k")).toThrow("more than 1000 nodes");
  });
});

test.each<[options: unknown, said: string]>([
  [{ vector: "float16" }, 'msgpack.vector is "float16"; allowed is "float32".'],
  [{ maxBytes: 0 }, "msgpack.maxBytes is 0; allowed is a whole number from 1 to 1073741824."],
  [{ maxBytes: 2 ** 31 }, "msgpack.maxBytes is 2147483648; allowed is a whole number from 1 to 1073741824."],
  [{ maxDepth: 1_001 }, "msgpack.maxDepth is 1001; allowed is a whole number from 1 to 1000."],
  [{ maxDepth: 1.5 }, "msgpack.maxDepth is 1.5; allowed is a whole number from 1 to 1000."],
  [{ maxNodes: Number.POSITIVE_INFINITY }, "msgpack.maxNodes is Infinity; allowed is a whole number of at least 1."],
  [{ maxLength: 1 }, "msgpack.maxLength is not an option; the options are vector, maxBytes, maxDepth, maxNodes."],
  [null, "The options of msgpack is null; allowed is an object."],
])("options %o are refused", (options, said) => {
  expect(() => msgpack(options as MsgpackOptions)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
  expect(() => msgpack(options as MsgpackOptions)).toThrow(said);
});
