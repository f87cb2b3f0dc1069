import { expect, test } from "vitest";
import { xxHash32 } from "./xxhash32.ts";

const PRIME_1 = 2_654_435_761;

/** The bytes that the author's own checks of xxHash are run on. */
const sanityBytes = new Uint8Array(101);
let generator = PRIME_1;
for (let index = 0; index < sanityBytes.length; index++) {
  sanityBytes[index] = generator >>> 24;
  generator = Math.imul(generator, generator) >>> 0;
}

function hashOf(bytes: Uint8Array, seed = 0): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return xxHash32(view, { start: 0, end: bytes.byteLength }, seed).toString(16).padStart(8, "0");
}

test.each([
  [0, "02cc5d05", "36b78ae7"],
  [1, "b85cbee5", "d5845d64"],
  [14, "e5aa0ab4", "4481951d"],
  [101, "1f1aa412", "498ec8e2"],
])("%i bytes have the hashes that xxHash's author publishes, without and with a seed", (length, unseeded, seeded) => {
  expect(hashOf(sanityBytes.subarray(0, length))).toBe(unseeded);
  expect(hashOf(sanityBytes.subarray(0, length), PRIME_1)).toBe(seeded);
});

test.each([
  ["", "02cc5d05"],
  ["a", "550d7456"],
  ["abc", "32d153ff"],
  ["Nobody inspects the spammish repetition", "e2293b2f"],
])("%j has its well-known hash", (text, hash) => {
  expect(hashOf(Buffer.from(text))).toBe(hash);
});

test("a range of a view has the hash of its bytes alone, wherever they lie", () => {
  for (let start = 0; start < 5; start++) {
    const view = new DataView(sanityBytes.buffer);
    const hash = xxHash32(view, { start, end: 90 - start }, 7);
    expect(hash.toString(16).padStart(8, "0")).toBe(hashOf(sanityBytes.slice(start, 90 - start), 7));
  }
});

test("a seed is a number of 32 bits, with or without a sign", () => {
  expect(hashOf(sanityBytes, -1)).toBe(hashOf(sanityBytes, 2 ** 32 - 1));
});
