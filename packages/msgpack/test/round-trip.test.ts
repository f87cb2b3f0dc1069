import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { msgpack } from "../src/index.ts";

const serializer = msgpack();

const text = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.string({ minLength: 30, maxLength: 300 }),
);
const key = fc.string({ unit: "binary" }).filter((name) => name !== "__proto__");

const leaf = fc.oneof(
  fc.constantFrom(null, undefined, true, false, 0, -0, Number.NaN),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.float(),
  text,
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }),
  fc.date(),
  fc.uint8Array(),
  fc.int16Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.bigUint64Array(),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(key, tie("value"), { maxKeys: 20, noNullPrototype: true }),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 5 }).map((pairs) => new Map(pairs)),
    fc.array(tie("value"), { maxLength: 5 }).map((items) => new Set(items)),
  ),
}));

test("whatever is encoded comes back as it was", () => {
  fc.assert(
    fc.property(value, (given) => {
      const decoded = serializer.decode(serializer.encode(given));
      expect(isDeepStrictEqual(decoded, given)).toBe(true);
    }),
    { numRuns: 5_000, seed: 20_261_120 },
  );
});

test("whatever is decoded is given back or refused, and the next value is well", () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.integer({ min: 1, max: 255 }), (given, place, change) => {
      const bytes = new Uint8Array(serializer.encode(given));
      const at = place % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ change;
      try {
        serializer.decode(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: "INVALID_VALUE" });
      }
      expect(serializer.decode(serializer.encode("well"))).toBe("well");
    }),
    { numRuns: 5_000, seed: 20_261_120 },
  );
});
