import { serializerSuite } from "@tiercache/testing";
import { Packr } from "msgpackr";
import { describe, expect, test } from "vitest";
import { msgpack } from "./msgpack.ts";

const serializer = msgpack();

const invalidDate = new Date(Number.NaN);

const keeps: Readonly<Record<string, unknown>> = {
  undefined: { absent: undefined, list: [undefined] },
  "numbers that JSON lacks": [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  "minus zero": -0,
  "minus zero here and there": { a: -0, b: [0, -0, { c: -0 }], d: 0 },
  bigints: [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 2n ** 64n - 1n],
  dates: [new Date(0), new Date(1), new Date(1_763_600_000_123), new Date(-1), new Date(8.64e15), new Date(-8.64e15)],
  "a date beyond 2106": new Date(4_294_967_296_001),
  "an invalid date": invalidDate,
  bytes: Uint8Array.of(0, 1, 127, 128, 255),
  "no bytes": new Uint8Array(0),
  "many bytes": new Uint8Array(70_000).fill(7),
  "an ArrayBuffer": Uint8Array.of(1, 2, 3).buffer,
  "a DataView": new DataView(Uint8Array.of(1, 2, 3).buffer),
  "a Map": new Map<unknown, unknown>([
    ["a", 1],
    [1, "a"],
    [{ key: "object" }, new Date(5)],
    [-0, undefined],
    [new Map([[1, 2]]), new Map()],
  ]),
  "a Set": new Set<unknown>(["a", 1, null, undefined, { b: 1 }, [2]]),
  "a Set of Maps and minus zeros": new Set<unknown>([new Map([["a", -0]]), [-0], new Set([new Map()])]),
  "an empty Map and Set": [new Map(), new Set()],
  "integer-like and odd keys": { "1": "a", "-1": "b", "1.5": "c", toJSON: 1, hasOwnProperty: 2, constructor: null },
  ...Object.fromEntries(typedArrays().map((array) => [`a ${array.constructor.name}`, array])),
};

function typedArrays(): readonly object[] {
  return [
    Int8Array.of(-128, 0, 127),
    Uint8ClampedArray.of(0, 255),
    Int16Array.of(-32_768, 32_767),
    Uint16Array.of(0, 65_535),
    Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
    Uint32Array.of(0, 2 ** 32 - 1),
    Float32Array.of(0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, 3.402_823_5e38, 1e-45),
    Float64Array.of(0.1, -0, Number.NaN, Number.NEGATIVE_INFINITY, Number.MIN_VALUE),
    BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n),
    BigUint64Array.of(0n, 2n ** 64n - 1n),
  ];
}

describe("the contract", () => {
  for (const { title, run } of serializerSuite(serializer, { keeps })) test(title, run);
});

test("its id is that of MessagePack", () => {
  expect(serializer.id).toBe(2);
});

test("a Buffer comes back as a plain Uint8Array, from any kind of source", () => {
  const encoded = serializer.encode({ bytes: Buffer.from("abc") });
  for (const source of [Buffer.from(encoded), new Uint8Array(encoded)]) {
    expect(serializer.decode(source)).toStrictEqual({ bytes: Uint8Array.of(97, 98, 99) });
  }
});

test("the bytes of a decoded Buffer are a copy", () => {
  const encoded = Buffer.from(serializer.encode({ bytes: Buffer.from("abc") }));
  const decoded = serializer.decode(encoded);
  encoded.fill(0);
  expect(decoded).toStrictEqual({ bytes: Uint8Array.of(97, 98, 99) });
});

test("references, by which a few bytes become a huge value, are refused", () => {
  const shared = ["x"];
  const bytes = new Packr({ structuredClone: true, useRecords: false }).pack([shared, shared]);
  expect(() => serializer.decode(bytes)).toThrow("These bytes hold no value");
});

test("an object without a prototype comes back as an ordinary one", () => {
  const bare = Object.assign(Object.create(null) as object, { a: 1, constructor: "text" });
  expect(serializer.decode(serializer.encode(bare))).toStrictEqual({ a: 1, constructor: "text" });
});

test("a property of the prototype is no part of a value", () => {
  const prototype = Object.prototype as Record<string, unknown>;
  prototype["inherited"] = () => 0;
  try {
    expect(Object.keys(serializer.decode(serializer.encode({ a: 1 })) as object)).toEqual(["a"]);
  } finally {
    delete prototype["inherited"];
  }
});

test("encoding does not touch the value", () => {
  const value = Object.freeze({ map: new Map([["a", -0]]), list: Object.freeze([-0]), at: new Date(5) });
  const copy = structuredClone(value);
  serializer.encode(value);
  expect(value).toStrictEqual(copy);
});

test.each([0, 1, 62, 63, 64, 768, 16_383, 16_384])("a vector of %d floats takes 4 bytes each and is kept", (length) => {
  const vector = Float32Array.from({ length }, (_, index) => Math.sin(index));
  const encoded = serializer.encode(vector);
  expect(encoded.byteLength - 4 * length).toBeLessThanOrEqual(7);
  expect(serializer.decode(encoded)).toStrictEqual(vector);
  expect(serializer.encode({ vector }).byteLength - 4 * length).toBeLessThanOrEqual(16);
  // Nothing else than what msgpackr itself writes, so that there is one format.
  expect(Buffer.from(encoded)).toEqual(new Packr({ moreTypes: true }).pack(vector));
});

test("floats are little-endian on the wire", () => {
  expect([...serializer.encode(Float32Array.of(1))]).toEqual([0xc7, 5, 0x74, 7, 0, 0, 0x80, 0x3f]);
});

test("a vector that is a part of a larger buffer is encoded alone, and comes back in memory of its own", () => {
  const larger = Float32Array.of(9, 9, 1, 2, 9, 9);
  for (const value of [larger.subarray(2, 4), { vector: larger.subarray(2, 4) }]) {
    const decoded = serializer.decode(serializer.encode(value));
    expect(decoded).toStrictEqual(
      structuredClone(value instanceof Float32Array ? value.slice() : { vector: value.vector.slice() }),
    );
    const vector = decoded instanceof Float32Array ? decoded : (decoded as { vector: Float32Array }).vector;
    expect([vector.byteOffset, vector.buffer.byteLength]).toEqual([0, 8]);
  }
});

/** The value in every place where a value may stand. */
const holders = (array: object): unknown[] => [
  array,
  [array],
  { array },
  new Map([["array", array]]),
  new Set([array]),
];

test("packs after a secret: no byte of an earlier value leaks", () => {
  const secret = "TOP-SECRET-".repeat(700);
  const values = [...typedArrays(), Buffer.alloc(9), new ArrayBuffer(64), new DataView(new ArrayBuffer(64))];
  for (const value of values.flatMap(holders)) {
    for (let round = 0; round < 3; round++) {
      serializer.encode({ secret });
      expect(Buffer.from(serializer.encode(value)).includes("SECRET")).toBe(false);
    }
  }
  serializer.encode(secret);
  expect(Buffer.from(serializer.encode(new Float64Array(8).fill(1))).toString("latin1")).not.toMatch(/[A-Z]{3}/);
});

test("what was lifted is put back only where the bytes have a place for it", () => {
  const packr = new Packr({ useRecords: false, moreTypes: true });
  const lifted = (value: unknown, list: unknown): Uint8Array =>
    Buffer.concat([Buffer.of(0x93, 0xc1), packr.pack(value), packr.pack(list)]);
  expect(serializer.decode(lifted({ a: [["b", 1]] }, [["m", ["a"]]]))).toStrictEqual({ a: new Map([["b", 1]]) });
  const hostile: unknown[] = [
    "",
    "x",
    [1],
    [["-", ["__proto__", "polluted"]]],
    [["m", ["constructor", "prototype"]]],
    [["-", ["toString"]]],
    [["-", ["a", "length"]]],
    [["m", ["absent"]]],
    [["m", ["none"]]],
    [["-", ["a", "__proto__", "length"]]],
    [["s", ["a", 5]]],
    [["?", ["a"]]],
    [["-", "a"]],
    [["m", [{}]]],
  ];
  for (const list of hostile) {
    expect(() => serializer.decode(lifted({ a: [1], none: null }, list))).toThrow("These bytes hold no value");
  }
  expect((Object.prototype as { polluted?: unknown }).polluted).toBeUndefined();
});

test.each<[string, number[]]>([
  ["nothing", []],
  ["a cut string", [0xa5, 97]],
  ["bytes left over", [1, 2]],
  ["a reference", [0xd6, 0x70, 0, 0, 0, 1]],
  ["a list said to be huge", [0xdd, 0xff, 0xff, 0xff, 0xff]],
  ["a nesting without end", Array.from({ length: 100_000 }, () => 0x91)],
])("decoding %s throws an error without content", (_, bytes) => {
  expect(() => serializer.decode(Uint8Array.from(bytes))).toThrow(
    "These bytes hold no value that msgpack() has encoded.",
  );
});
