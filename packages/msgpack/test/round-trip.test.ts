import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { Packr } from "msgpackr";
import { expect, test } from "vitest";
import { msgpack } from "../src/index.ts";

const serializer = msgpack();
const encode = (value: unknown): Uint8Array => serializer.encode(value, "some:key");
const decode = (bytes: Uint8Array): unknown => serializer.decode(bytes, "some:key");

const runs = { numRuns: 5_000, seed: 20_261_120 };

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.string({ minLength: 30, maxLength: 300 }),
);
const key = fc
  .oneof(fc.string({ unit: "binary" }), fc.constantFrom("id", "name"), fc.nat(2_000).map(String))
  .filter((name) => name !== "__proto__");

const plainLeaf = fc.oneof(
  fc.constantFrom(null, undefined, true, false, 0, Number.NaN, Number.NEGATIVE_INFINITY),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double().filter((number) => !Object.is(number, -0)),
  fc.float().filter((number) => !Object.is(number, -0)),
  text,
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  // msgpackr writes later dates in the longest form.
  fc.date({ max: new Date(2 ** 32 * 1_000 - 1) }),
  fc.int8Array(),
  fc.uint8ClampedArray(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
  fc.uint8Array().map((bytes) => bytes.slice().buffer),
  fc.uint8Array().map((bytes) => new DataView(bytes.slice().buffer)),
);

const leaf = fc.oneof({ arbitrary: plainLeaf, weight: 5 }, fc.constant(-0), fc.double(), fc.date(), fc.uint8Array());

/** Lists and objects of leaves, and of what else may stand in them. */
function nested(leaves: fc.Arbitrary<unknown>, more: (value: fc.Arbitrary<unknown>) => fc.Arbitrary<unknown>[]) {
  return fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      leaves,
      fc.array(tie("value"), { maxLength: 40 }),
      fc.dictionary(key, tie("value"), { maxKeys: 40, noNullPrototype: true }),
      ...more(tie("value")),
    ),
  })).value;
}

const plain = nested(plainLeaf, () => []);
const value = nested(leaf, (inner) => [
  fc.array(fc.tuple(inner, inner), { maxLength: 5 }).map((pairs) => new Map(pairs)),
  fc.array(inner, { maxLength: 5 }).map((items) => new Set(items)),
]);

test("whatever is encoded comes back as it was", () => {
  fc.assert(
    fc.property(value, (given) => {
      const decoded = decode(encode(given));
      // Tells -0 from 0, undefined from a hole and each kind from each other. Kinds of typed arrays too.
      expect(isDeepStrictEqual(decoded, given)).toBe(true);
    }),
    runs,
  );
});

test("whatever is encoded again after it came back has the same bytes", () => {
  fc.assert(
    fc.property(value, (given) => {
      const encoded = encode(given);
      expect(Buffer.compare(encode(decode(encoded)), encoded)).toBe(0);
    }),
    runs,
  );
});

test("what msgpackr knows is written as msgpackr writes it, and read as it reads it", () => {
  const packr = new Packr({
    useRecords: false,
    variableMapSize: true,
    moreTypes: true,
    int64AsType: "bigint",
    useToJSON: false,
  });
  fc.assert(
    fc.property(plain, (given) => {
      const packed = packr.pack(given);
      expect(Buffer.compare(encode(given), packed)).toBe(0);
      expect(isDeepStrictEqual(decode(packed), packr.unpack(packed))).toBe(true);
    }),
    runs,
  );
});

test("a vector of any numbers comes back as its numbers in 32 bits", () => {
  const vectors = msgpack({ vector: "float32" });
  const number = fc.double({ min: -3.4e38, max: 3.4e38, noNaN: true });
  fc.assert(
    fc.property(fc.array(number, { maxLength: 100 }), (given) => {
      const encoded = vectors.encode(given, "some:key");
      expect(encoded.byteLength).toBeLessThanOrEqual(4 * given.length + 6);
      expect(isDeepStrictEqual(decode(encoded), given.map(Math.fround))).toBe(true);
    }),
    { ...runs, numRuns: 1_000 },
  );
});
