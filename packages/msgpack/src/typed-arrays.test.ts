import { describe, expect, test } from "vitest";
import { msgpack } from "./msgpack.ts";

const serializer = msgpack();
const encode = (value: unknown): Buffer => Buffer.from(serializer.encode(value, "some:key"));
const decode = (bytes: Uint8Array): unknown => serializer.decode(bytes, "some:key");

type Kind = new (buffer: ArrayBuffer, offset: number, length: number) => ArrayBufferView;

const kinds: readonly (readonly [Kind, elementBytes: number])[] = [
  [Int8Array, 1],
  [Uint8Array, 1],
  [Uint8ClampedArray, 1],
  [Int16Array, 2],
  [Uint16Array, 2],
  [Int32Array, 4],
  [Uint32Array, 4],
  [Float32Array, 4],
  [Float64Array, 8],
  [BigInt64Array, 8],
  [BigUint64Array, 8],
  [DataView, 1],
];

/** Views of a kind over odd parts of a larger memory, of many lengths. */
function views([Kind, elementBytes]: (typeof kinds)[number]): readonly ArrayBufferView[] {
  const memory = Uint8Array.from({ length: 1_200 }, (_, index) => 128 + (index % 100));
  return [0, 1, 2, 3, 7, 8, 9, 31, 32, 61, 62, 63, 64, 100].flatMap((length) =>
    [0, 1, 3].map((offset) => new Kind(memory.buffer, offset * elementBytes, length)),
  );
}

/** The value at every kind of place where a value may stand. */
const holders = (array: object): readonly unknown[] => [
  array,
  [array],
  { array },
  new Map([["array", array]]),
  new Set([array]),
];

test.each([
  [Int8Array.of(-128, 0, 127)],
  [Uint8ClampedArray.of(0, 255)],
  [Int16Array.of(-32_768, 32_767)],
  [Uint16Array.of(0, 65_535)],
  [Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
  [Uint32Array.of(0, 2 ** 32 - 1)],
  [Float32Array.of(0.1, -0, Number.NaN, Number.POSITIVE_INFINITY, 3.402_823_5e38, 1e-45)],
  [Float64Array.of(0.1, -0, Number.NaN, Number.NEGATIVE_INFINITY, Number.MIN_VALUE)],
  [BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n)],
  [BigUint64Array.of(0n, 2n ** 64n - 1n)],
])("%o is kept", (array) => {
  for (const value of holders(array)) expect(decode(encode(value))).toStrictEqual(value);
});

describe.each(kinds.map((kind) => [kind[0].name, kind] as const))("any part of memory as a %s", (_, kind) => {
  test("is kept, wherever it begins and however long it is, in memory of its own", () => {
    for (const view of views(kind)) {
      const decoded = decode(encode(view)) as ArrayBufferView;
      expect(decoded.constructor).toBe(kind[0]);
      expect([decoded.byteOffset, decoded.buffer.byteLength]).toEqual([0, view.byteLength]);
      const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
      expect(Buffer.compare(new Uint8Array(decoded.buffer), bytes)).toBe(0);
    }
  });

  // Elsewhere room is made for all bytes and only some are written: the rest is what was encoded before.
  test("packs after a secret: no byte of what was encoded before is a part of it", () => {
    const secret = "TOP-SECRET-".repeat(700);
    for (const value of views(kind).flatMap(holders)) {
      encode({ [secret.slice(0, 29)]: secret });
      // The memory itself has no letters, so that each one would be the secret's.
      expect(encode(value).toString("latin1").replace("array", "")).not.toMatch(/[A-Z-]{4}/);
    }
  });
});

test("a Buffer out of the pool that all Buffers share is encoded alone", () => {
  const secret = Buffer.from("TOP-SECRET");
  const pooled = Buffer.from("..the part..").subarray(2, 10);
  expect(encode(pooled).toString("latin1").slice(2)).toBe("the part");
  expect(encode([pooled, pooled.buffer.slice(pooled.byteOffset, pooled.byteOffset + 1)]).includes(secret)).toBe(false);
});

test("an element cut in two is refused, and so is a kind that there is none of", () => {
  for (const [kind, length] of [
    [3, 1],
    [4, 3],
    [6, 2],
    [7, 5],
    [8, 4],
    [10, 12],
    [11, 8],
    [15, 8],
    [18, 8],
    [255, 8],
  ]) {
    const bytes = Buffer.concat([
      Buffer.of(0xc7, Number(length) + 1, 0x74, Number(kind)),
      Buffer.alloc(Number(length)),
    ]);
    expect(() => decode(bytes)).toThrow("These bytes hold no value");
  }
});
