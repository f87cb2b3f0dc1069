import assert from "node:assert/strict";
import type { Serializer } from "@tiercache/core";
import { assertSame } from "./assert-same.ts";
import type { ContractCase } from "./contract-case.ts";
import { seededBytes, seededIntegers } from "./seeded-random.ts";

/** What a suite needs to know of the serializer. */
export interface SerializerSuiteOptions {
  /** Further values that the serializer says it keeps exactly, by what each shows. JSON's own kinds are always proved. */
  readonly keeps?: Readonly<Record<string, unknown>>;
}

/** What JSON keeps, every serializer must. */
const COMMON_VALUES: Readonly<Record<string, unknown>> = {
  null: null,
  true: true,
  false: false,
  zero: 0,
  "small whole numbers": [1, -1, 31, 32, 127, 128, -32, -33, -128, -129],
  "whole numbers at the edges of their encodings": [
    255,
    256,
    65_535,
    65_536,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    2 ** 32,
  ],
  "the largest safe whole numbers": [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER],
  fractions: [0.1, -1.5, Math.PI, 1e-300, 1e300, Number.MIN_VALUE, Number.MAX_VALUE],
  "an empty string": "",
  "strings at the edges of their encodings": ["a".repeat(31), "a".repeat(32), "a".repeat(255), "a".repeat(256)],
  "a long string": "0123456789".repeat(10_000),
  "every kind of character": '\u0000 \n \r\n " \\ é ß 日本 🙂 \u2028 \ufeff',
  "an empty list": [],
  "an empty object": {},
  "nested lists": [[[]], [[1], [2, [3]]]],
  "nested objects": { a: { b: { c: [{ d: null }] } } },
  "a list of like objects": Array.from({ length: 40 }, (_, id) => ({ id, name: `user ${id}`, active: id % 2 === 0 })),
  "a long list": Array.from({ length: 70_000 }, (_, index) => index),
  "an object of many keys": Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`key ${index}`, index])),
  "keys of every kind": Object.fromEntries(
    ["", " ", "0", "constructor", "toString", "then", "é", "🙂", "length"].map((key, index) => [key, index]),
  ),
};

/**
 * What every {@link Serializer} must do, as a list of cases.
 *
 * @example
 * ```ts
 * import { msgpack } from "@tiercache/msgpack";
 * import { serializerSuite } from "@tiercache/testing";
 * import { test } from "vitest";
 *
 * const suite = serializerSuite(msgpack(), { keeps: { "a date": new Date(0) } });
 * for (const { title, run } of suite) test(title, run);
 * ```
 */
export function serializerSuite(serializer: Serializer, options: SerializerSuiteOptions = {}): readonly ContractCase[] {
  const values = { ...COMMON_VALUES, ...options.keeps };
  return [
    identity(serializer),
    ...roundTrips(serializer, values),
    ...ownership(serializer, values),
    garbage(serializer),
  ];
}

function identity(serializer: Serializer): ContractCase {
  return {
    title: "a serializer's id is a whole number from 1 to 255",
    async run() {
      assert.ok(Number.isInteger(serializer.id) && serializer.id >= 1 && serializer.id <= 255, `id ${serializer.id}`);
    },
  };
}

function roundTrips(serializer: Serializer, values: Readonly<Record<string, unknown>>): readonly ContractCase[] {
  return Object.entries(values).map(([what, value]) => ({
    title: `comes back as it was: ${what}`,
    async run() {
      assertSame(serializer.decode(serializer.encode(value)), value);
      // Inside of something, other code paths are taken.
      const nested = { list: [value, value], last: value };
      assertSame(serializer.decode(serializer.encode(nested)), nested);
    },
  }));
}

function ownership(serializer: Serializer, values: Readonly<Record<string, unknown>>): readonly ContractCase[] {
  return [
    {
      title: "encoded bytes do not change when more is encoded",
      async run() {
        const kept = Object.values(values).map((value) => {
          const encoded = serializer.encode(value);
          return { encoded, asItWas: new Uint8Array(encoded) };
        });
        for (const { encoded, asItWas } of kept) assert.deepStrictEqual(new Uint8Array(encoded), asItWas);
      },
    },
    {
      title: "a decoded value is no view of the bytes it came from",
      async run() {
        for (const value of Object.values(values)) {
          const encoded = Buffer.from(serializer.encode(value));
          const decoded = serializer.decode(encoded);
          encoded.fill(0x5a);
          assertSame(decoded, value);
        }
      },
    },
    {
      title: "bytes are decoded from any place in a larger buffer",
      async run() {
        for (const value of Object.values(values)) {
          const encoded = serializer.encode(value);
          const larger = Buffer.alloc(encoded.byteLength + 7, 0x5a);
          larger.set(encoded, 3);
          assertSame(serializer.decode(larger.subarray(3, 3 + encoded.byteLength)), value);
        }
      },
    },
  ];
}

function garbage(serializer: Serializer): ContractCase {
  return {
    title: "bytes that are no encoding throw an error or give a value, and harm nothing",
    async run() {
      const before = Object.getOwnPropertyNames(Object.prototype);
      const valid = serializer.encode({ id: 1, name: "Ada", list: [1.5, null, "x".repeat(40)] });
      const nextInteger = seededIntegers(20_261_120);
      for (let length = 0; length < valid.byteLength; length++) decodeAny(serializer, valid.slice(0, length));
      for (let round = 0; round < 2_000; round++) decodeAny(serializer, seededBytes(nextInteger, nextInteger() % 200));
      for (let round = 0; round < 2_000; round++) {
        const flipped = new Uint8Array(valid);
        const at = nextInteger() % flipped.byteLength;
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (nextInteger() % 8));
        decodeAny(serializer, flipped);
      }
      assert.deepStrictEqual(Object.getOwnPropertyNames(Object.prototype), before);
      assert.deepStrictEqual(serializer.decode(serializer.encode("still well")), "still well");
    },
  };
}

function decodeAny(serializer: Serializer, bytes: Uint8Array): void {
  try {
    serializer.decode(bytes);
  } catch (error) {
    assert.ok(error instanceof Error, "something other than an error was thrown");
  }
}
