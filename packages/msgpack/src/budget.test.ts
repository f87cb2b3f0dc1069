import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MsgpackOptions, msgpack } from "./msgpack.ts";

/** Has no limits that matter here. */
const generous = msgpack({ maxBytes: 2 ** 30, maxDepth: 1_000, maxNodes: Number.MAX_SAFE_INTEGER });

function refuses(run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: "INVALID_VALUE" });
    return true;
  }
}

/** Whether a value is refused, which has to be the same both ways. */
function isRefused(value: unknown, options: MsgpackOptions): boolean {
  const serializer = msgpack(options);
  const bytes = generous.encode(value, "k");
  const refused = refuses(() => serializer.encode(value, "k"));
  expect(refuses(() => serializer.decode(bytes, "k"))).toBe(refused);
  return refused;
}

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, undefined, true, 0, -0, 1.5, 7n, new Date(0), new Date(Number.NaN)),
    fc.string({ maxLength: 40 }),
    fc.uint8Array({ maxLength: 30 }),
    fc.float32Array({ maxLength: 10 }),
    fc.array(tie("value"), { maxLength: 8 }),
    fc.dictionary(fc.constantFrom("a", "b", "c", "1", "2", "a longer key"), tie("value"), {
      maxKeys: 6,
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 4 }).map((pairs) => new Map(pairs)),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => new Set(items)),
  ),
}));

test("what can be encoded can be decoded, and what cannot be decoded cannot be encoded, whatever the limits are", () => {
  let refused = 0;
  const limits = fc.record(
    { maxBytes: fc.integer({ min: 1, max: 400 }), maxDepth: fc.integer({ min: 1, max: 6 }), maxNodes: fc.nat(1_000) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(value, limits, (given, { maxNodes, ...others }) => {
      if (isRefused(given, { ...others, ...(maxNodes === undefined ? {} : { maxNodes: maxNodes + 1 }) })) refused++;
    }),
    { numRuns: 5_000, seed: 20_261_120 },
  );
  expect(refused).toBeGreaterThan(500);
  expect(refused).toBeLessThan(4_500);
});

describe("the limits are where they are said to be:", () => {
  test("bytes", () => {
    for (const given of ["a".repeat(100_000), new Uint8Array(70_000), Array.from({ length: 70_000 }, () => "a")]) {
      const { byteLength } = generous.encode(given, "k");
      expect(isRefused(given, { maxBytes: byteLength })).toBe(false);
      expect(isRefused(given, { maxBytes: byteLength - 1 })).toBe(true);
      // Room for a head is no part of the value.
      for (const maxBytes of [byteLength, byteLength - 1]) {
        const encode = (): unknown => msgpack({ maxBytes }).encode(given, "k", { bytes: 100_000, isLeft: false });
        expect(refuses(encode)).toBe(maxBytes < byteLength);
      }
    }
    expect(isRefused(new Uint8Array(2 ** 22 - 5), {})).toBe(false);
    expect(isRefused(new Uint8Array(2 ** 22 - 4), {})).toBe(true);
  });

  test("a string far beyond them is refused before it is written", () => {
    const long = "é".repeat(2 ** 26);
    const before = process.memoryUsage().arrayBuffers;
    expect(refuses(() => msgpack().encode([long], "k"))).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  test.each<[what: string, value: unknown, nodes: number]>([
    ["a list of numbers", [1, 2.5, null, true], 11],
    ["an empty object", {}, 7],
    ["a list of dates", [new Date(0), new Date(1.5e12 + 1), new Date(Number.NaN)], 45],
    ["bytes", [new Uint8Array(100)], 63],
    ["a bigint and an undefined", [1n, undefined], 13],
    ["strings", ["", "abc", "x".repeat(100)], 6 + 3 + 3 * 8 + 25],
    [
      "objects with the same keys",
      [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
      6 + 2 * 8 + 4 * 8 + 2 * 250,
    ],
    ["objects with other keys", [{ a: 1 }, { b: 2 }], 6 + 2 * 8 + 2 * 8 + 2 * 250],
    [
      "objects with the same keys in another order",
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      6 + 2 * 8 + 4 * 8 + 4 * 250,
    ],
    ["objects with indices", [{ 1: 1 }, { 1: 2 }, { 7: 3, 8: 4 }], 6 + 3 * 8 + 4 * 8 + 4 * 40 + 250],
    [
      "what is known behind a key but not behind an index",
      [{ a: 1 }, { 5: 1, a: 1 }],
      6 + 2 * 8 + 3 * 8 + 40 + 3 * 250,
    ],
    [
      "objects with keys that begin with a digit",
      [{ "1-0": 1 }, { "1-1": 2 }, { "01": 3 }],
      6 + 3 * 8 + 3 * 8 + 3 * 250,
    ],
    ["objects with numbers as keys that are no indices", [{ 4294967295: 1 }, { 4294967296: 1 }], 6 + 2 * 16 + 2 * 250],
    ["keys that are not ASCII", [{ é: 1 }, { é: 1 }], 6 + 2 * 16 + 250 + 2 * 30],
    ["long keys", [{ ["k".repeat(28)]: 1 }, { ["k".repeat(28)]: 1 }], 6 + 2 * 16 + 250 + 2 * 37],
    [
      "a large object",
      Object.fromEntries(Array.from({ length: 130 }, (_, i) => [`k${i}`, 1])),
      7 + 130 * 8 + 128 * 250 + 2 * 60,
    ],
    [
      "many kinds of objects in turns",
      [...Array.from({ length: 300 }, (_, i) => ({ [`k${i}`]: 1 })), { k0: 1 }, { k0: 1 }, { k1: 1 }],
      6 + 303 * 16 + 300 * 250 + 2 * 60,
    ],
    ["a Map", new Map([["a", 1]]), 30 + 2 + 24 + 8],
    ["a Set", new Set([null, true]), 30 + 2 + 2 * 24],
    ["a Set of numbers", new Set([0, 1, 2, 3, 4, 5, 6, 7, 8]), 30 + 9 + 9 * 24 + 8],
  ])("nodes of %s", (_, given, nodes) => {
    expect(refuses(() => msgpack({ maxNodes: nodes }).encode(given, "k"))).toBe(false);
    expect(isRefused(given, { maxNodes: nodes })).toBe(false);
    expect(isRefused(given, { maxNodes: nodes - 1 })).toBe(true);
  });

  test("numbers in Sets and as keys of Maps, which can all be made to have one hash", () => {
    const most = 2_798;
    const numbers = Array.from({ length: most + 1 }, (_, index) => index);
    expect(isRefused(new Set(numbers.slice(1)), {})).toBe(false);
    expect(isRefused(new Set(numbers), {})).toBe(true);
    expect(isRefused(new Map(numbers.map((number) => [BigInt(number), 1])), {})).toBe(true);
    // Those of all Sets and Maps together.
    const half = numbers.slice(most / 2);
    expect(isRefused([new Set(half), new Map(half.map((number) => [-number, 1]))], {})).toBe(true);
    expect(isRefused(new Set(numbers.map(String)), {})).toBe(false);
    expect(isRefused(new Set(numbers), { maxNodes: 2 ** 21 })).toBe(false);
  });

  test("memory: 10 times the bytes and 4 MiB, whatever maxNodes is", () => {
    // An empty object has a byte and 8 nodes, of which the byte brings 1 1/4.
    const most = Math.floor(2 ** 19 / 6.75);
    const empties = (length: number): unknown => Array.from({ length }, () => ({}));
    const bytesOf = (length: number): Uint8Array =>
      Buffer.concat([Buffer.of(0xdd, length >>> 24, length >>> 16, length >>> 8, length), Buffer.alloc(length, 0x80)]);
    for (const serializer of [msgpack(), generous]) {
      expect(serializer.decode(serializer.encode(empties(most), "k"), "k")).toHaveLength(most);
      expect(serializer.decode(bytesOf(most), "k")).toHaveLength(most);
      expect(refuses(() => serializer.encode(empties(most + 1), "k"))).toBe(true);
      expect(refuses(() => serializer.decode(bytesOf(most + 1), "k"))).toBe(true);
    }
    expect(() => msgpack().encode(empties(most + 10), "k")).toThrow(
      /cannot keep \$: it is larger in memory than 10 times/,
    );
  });
});
