import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bytes, type CompressOptions, compress, encrypt, json, type Serializer, sign } from "../src/index.ts";

const seed = 20_261_120;

/** A serializer, and values that it keeps. */
interface Base {
  readonly name: string;
  readonly serializer: Serializer;
  readonly values: fc.Arbitrary<unknown>;
}

const jsonBase: Base = {
  name: "json",
  serializer: json,
  // JSON has no minus zero.
  values: fc.oneof(
    fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    fc.array(fc.record({ id: fc.nat(), title: fc.string({ unit: "grapheme" }) }, { noNullPrototype: true }), {
      maxLength: 60,
    }),
  ),
};

const bytesBase: Base = {
  name: "bytes",
  serializer: bytes,
  values: fc
    .oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.tuple(fc.uint8Array({ maxLength: 5 }), fc.nat(3_000)).map(([unit, times]) => repeated(unit, times)),
    )
    .map((array) => Buffer.from(array)),
};

function repeated(unit: Uint8Array, times: number): Uint8Array {
  return unit.length === 0 ? unit : Buffer.alloc(times, unit);
}

const keys = [1, 2].map((id) => ({ id, secret: randomBytes(32) }));

const sealings: Readonly<Record<string, (serializer: Serializer) => Serializer>> = {
  encrypt: (serializer) => encrypt(serializer, { keys }),
  sign: (serializer) => sign(serializer, { keys }),
};

const compression: fc.Arbitrary<CompressOptions> = fc.record(
  {
    fromBytes: fc.constantFrom(1, 16, 1_024),
    algorithm: fc.constantFrom(
      "deflate",
      "brotli",
      ...("zstdCompressSync" in process.getBuiltinModule("node:zlib") ? ["zstd" as const] : []),
    ),
  },
  { requiredKeys: [] },
);

/** Every order of wrappers that may be: compressed or not, and then sealed up to three times. */
const wrapping = fc.record({
  base: fc.constantFrom(jsonBase, bytesBase),
  compressed: fc.option(compression),
  sealed: fc.array(fc.constantFrom("encrypt", "sign"), { maxLength: 3 }),
});

const stacked = wrapping.chain(({ base, compressed, sealed }) => {
  const inner = compressed === null ? base.serializer : compress(base.serializer, compressed);
  const serializer = sealed.reduce(
    (wrapped, name) => (sealings[name] as (one: Serializer) => Serializer)(wrapped),
    inner,
  );
  return fc.record({
    serializer: fc.constant(serializer),
    isSealed: fc.constant(sealed.length > 0),
    value: base.values,
  });
});

const place = fc.string({ unit: "grapheme", maxLength: 40 }).map((id) => `app/namespace:${id}`);

test("whatever goes through any stack of wrappers comes back as it was", () => {
  fc.assert(
    fc.property(stacked, place, ({ serializer, value }, where) => {
      const encoded = serializer.encode(value, where);
      // As a server's reply: in the middle of something larger.
      const reply = Buffer.concat([Buffer.alloc(3, 0xff), encoded, Buffer.alloc(3, 0xff)]);
      const decoded = serializer.decode(reply.subarray(3, -3), where);
      expect(isDeepStrictEqual(decoded, value)).toBe(true);
    }),
    { numRuns: 2_000, seed },
  );
});

test("what is sealed anywhere in a stack opens neither damaged, nor cut, nor elsewhere", () => {
  const sealedStack = stacked.filter(({ isSealed }) => isSealed);
  fc.assert(
    fc.property(
      sealedStack,
      place,
      fc.tuple(fc.nat(), fc.nat(), place),
      ({ serializer, value }, where, [at, cut, elsewhere]) => {
        const encoded = serializer.encode(value, where);
        const flipped = new Uint8Array(encoded);
        flipped[(at >> 3) % flipped.length] = (flipped[(at >> 3) % flipped.length] ?? 0) ^ (1 << (at & 7));
        const refused = expect.objectContaining({ code: "INVALID_VALUE" });
        expect(() => serializer.decode(flipped, where)).toThrow(refused);
        expect(() => serializer.decode(encoded.subarray(0, cut % encoded.length), where)).toThrow(refused);
        if (elsewhere !== where) expect(() => serializer.decode(encoded, elsewhere)).toThrow(refused);
      },
    ),
    { numRuns: 2_000, seed },
  );
});

test("whatever bytes a wrapper is given, it gives a value or throws an INVALID_VALUE", () => {
  const wrappers = [compress(json), compress(bytes), ...Object.values(sealings).map((seal) => seal(json))];
  const headed = fc.tuple(
    fc.constantFrom(0, 1, 2, 6),
    fc.constantFrom(0, 1, 2, 3, 4),
    fc.uint8Array({ maxLength: 60 }),
  );
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    headed.map(([one, two, rest]) => Uint8Array.of(one, two, ...rest)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...wrappers), anyBytes, (serializer, given) => {
      try {
        serializer.decode(given, "a:1");
      } catch (error) {
        expect(error).toMatchObject({ code: "INVALID_VALUE" });
      }
    }),
    { numRuns: 20_000, seed },
  );
});
