import assert from "node:assert/strict";
import type { Serializer } from "@tiercache/core";
import { assertSame } from "./assert-same.ts";
import type { ContractCase } from "./contract-case.ts";
import { seededBytes, seededIntegers } from "./seeded-random.ts";
import { headroomCases } from "./serializer-suite-headroom.ts";

/** What a suite needs to know of the serializer. */
export interface SerializerSuiteOptions {
  /** Further values that the serializer says it keeps exactly, by what each shows. */
  readonly keeps?: Readonly<Record<string, unknown>>;
  /**
   * `true` for a serializer of one kind of value only, like raw bytes: `keeps` is all that is proved, and nothing is put
   * inside of something else. @defaultValue `false`: JSON's own kinds are proved too
   */
  readonly keepsNothingElse?: boolean;
}

/** Where the bytes of ordinary cases lie. */
const PLACE = "suite/serializer:1";

/** Places of every kind that the cache makes. */
const PLACES: readonly string[] = [
  "a:b",
  "a:b:c",
  "app/a:b",
  "a:",
  "a:%3A",
  "a: é 日本 🙂 \u0000",
  `a:${"k".repeat(10_000)}`,
];

type Values = Readonly<Record<string, unknown>>;

/** What JSON keeps, every serializer must that is for more than one kind of value. */
const COMMON_VALUES: Values = {
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
  const { keeps = {}, keepsNothingElse = false } = options;
  const values = keepsNothingElse ? keeps : { ...COMMON_VALUES, ...keeps };
  return [
    identity(serializer),
    ...roundTrips(serializer, values, !keepsNothingElse),
    places(serializer, values),
    ...ownership(serializer, values),
    ...headroomCases(serializer, values, PLACE),
    ...hostility(serializer, values),
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

function roundTrips(serializer: Serializer, values: Values, nesting: boolean): readonly ContractCase[] {
  return Object.entries(values).map(([what, value]) => ({
    title: `comes back as it was: ${what}`,
    async run() {
      assertSame(serializer.decode(serializer.encode(value, PLACE), PLACE), value);
      if (!nesting) return;
      // Inside of something, other code paths are taken.
      const nested = { list: [value, value], last: value };
      assertSame(serializer.decode(serializer.encode(nested, PLACE), PLACE), nested);
    },
  }));
}

function places(serializer: Serializer, values: Values): ContractCase {
  return {
    title: "what was encoded for a place comes back from it, whatever was encoded for others meanwhile",
    async run() {
      for (const value of Object.values(values)) {
        const encoded = PLACES.map((place) => ({ place, bytes: serializer.encode(value, place) }));
        for (const { place, bytes } of encoded.toReversed()) assertSame(serializer.decode(bytes, place), value);
      }
    },
  };
}

function ownership(serializer: Serializer, values: Values): readonly ContractCase[] {
  return [
    {
      title: "encoded bytes do not change when more is encoded",
      async run() {
        const kept = Object.values(values).map((value) => {
          const encoded = serializer.encode(value, PLACE);
          return { encoded, asItWas: new Uint8Array(encoded) };
        });
        for (const { encoded, asItWas } of kept) assert.deepStrictEqual(new Uint8Array(encoded), asItWas);
      },
    },
    serializer.sharesBytes === true ? ownView(serializer, values) : noView(serializer, values),
    {
      title: "bytes are decoded from any place in a larger buffer",
      async run() {
        for (const value of Object.values(values)) {
          const { bytes } = withinLarger(serializer.encode(value, PLACE));
          assertSame(serializer.decode(bytes, PLACE), value);
        }
      },
    },
  ];
}

function noView(serializer: Serializer, values: Values): ContractCase {
  return {
    title: "a decoded value is no view of the bytes it came from",
    async run() {
      for (const value of Object.values(values)) {
        const encoded = Buffer.from(serializer.encode(value, PLACE));
        const decoded = serializer.decode(encoded, PLACE);
        encoded.fill(0x5a);
        assertSame(decoded, value);
      }
    },
  };
}

function ownView(serializer: Serializer, values: Values): ContractCase {
  return {
    title: "a decoded value is a view of its own bytes at most, of nothing around them",
    async run() {
      for (const value of Object.values(values)) {
        const { bytes, around } = withinLarger(serializer.encode(value, PLACE));
        const decoded = serializer.decode(bytes, PLACE);
        for (const other of around) other.fill(0xa5);
        assertSame(decoded, value);
      }
    },
  };
}

function withinLarger(encoded: Uint8Array): { readonly bytes: Uint8Array; readonly around: readonly Uint8Array[] } {
  const larger = Buffer.alloc(encoded.byteLength + 7, 0x5a);
  larger.set(encoded, 3);
  const end = 3 + encoded.byteLength;
  return { bytes: larger.subarray(3, end), around: [larger.subarray(0, 3), larger.subarray(end)] };
}

function hostility(serializer: Serializer, values: Values): readonly ContractCase[] {
  return [
    {
      title: "an encoding that breaks off anywhere throws an error or gives a value, and harms nothing",
      run: () =>
        harmless(serializer, values, (_, encodings) => {
          for (const encoded of encodings)
            for (let length = 0; length < encoded.byteLength; length++) decodeAny(serializer, encoded.slice(0, length));
        }),
    },
    {
      title: "bytes that are no encoding throw an error or give a value, and harm nothing",
      run: () =>
        harmless(serializer, values, (nextInteger, encodings) => {
          for (let round = 0; round < 2_000; round++) {
            decodeAny(serializer, seededBytes(nextInteger, nextInteger() % 200));
            const flipped = new Uint8Array(encodings[nextInteger() % encodings.length] ?? []);
            const at = nextInteger() % flipped.byteLength;
            flipped[at] = (flipped[at] ?? 0) ^ (1 << (nextInteger() % 8));
            decodeAny(serializer, flipped);
          }
        }),
    },
  ];
}

/** Longer encodings are not broken at each of their bytes. */
const LONGEST_BROKEN_BYTES = 1_000;

/** Runs an attack made of the encodings of values, and then looks whether everything is as before. */
async function harmless(
  serializer: Serializer,
  values: Values,
  attack: (nextInteger: () => number, encodings: readonly Uint8Array[]) => void,
): Promise<void> {
  const before = Object.getOwnPropertyNames(Object.prototype);
  const encodings = Object.values(values)
    .map((value) => serializer.encode(value, PLACE))
    .filter(({ byteLength }) => byteLength > 0 && byteLength <= LONGEST_BROKEN_BYTES);
  attack(seededIntegers(20_261_120), encodings);
  assert.deepStrictEqual(Object.getOwnPropertyNames(Object.prototype), before);
  for (const value of Object.values(values)) {
    assertSame(serializer.decode(serializer.encode(value, PLACE), PLACE), value);
  }
}

function decodeAny(serializer: Serializer, bytes: Uint8Array): void {
  try {
    serializer.decode(bytes, PLACE);
  } catch (error) {
    assert.ok(error instanceof Error, "something other than an error was thrown");
  }
}
