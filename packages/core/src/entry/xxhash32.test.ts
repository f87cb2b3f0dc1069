import { expect, test } from "vitest";
import { SCRATCH_BYTES, scratch, xxHash32, xxHash32Of } from "./xxhash32.ts";

const PRIME_1 = 2_654_435_761;

/** The bytes that the author's own checks of xxHash are run on. */
const sanityBytes = new Uint8Array(101);
let generator = PRIME_1;
for (let index = 0; index < sanityBytes.length; index++) {
  sanityBytes[index] = generator >>> 24;
  generator = Math.imul(generator, generator) >>> 0;
}

function hashOf(bytes: Uint8Array, seed = 0): string {
  scratch.set(bytes);
  return shown(xxHash32({ start: 0, end: bytes.byteLength }, seed));
}

function shown(hash: number): string {
  return hash.toString(16).padStart(8, "0");
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

test("a range of the scratch memory has the hash of its bytes alone", () => {
  for (const start of [0, 4, 24, 64]) {
    for (let end = start; end <= 101; end++) {
      const alone = hashOf(sanityBytes.slice(start, end), 7);
      scratch.set(sanityBytes);
      expect(shown(xxHash32({ start, end }, 7))).toBe(alone);
    }
  }
});

test("bytes have the same hash wherever they lie, and so have those that are looked through in parts", () => {
  const bytes = Uint8Array.from({ length: SCRATCH_BYTES + 3 }, (_, at) => at * 7 + (at >> 8));
  for (const length of [
    16,
    17,
    31,
    100,
    SCRATCH_BYTES - 129,
    SCRATCH_BYTES - 128,
    SCRATCH_BYTES - 127,
    SCRATCH_BYTES,
  ]) {
    for (let start = 0; start < 4; start++) {
      expect(shown(xxHash32Of(bytes.subarray(0, start + length), start, 7))).toBe(
        hashOf(bytes.slice(start, start + length), 7),
      );
    }
  }
});

test("the first 128 bytes of the scratch memory stay as they are while others are looked through in parts", () => {
  scratch.fill(1);
  xxHash32Of(new Uint8Array(3 * SCRATCH_BYTES).fill(2), 0, 7);
  expect(scratch.subarray(0, 128).every((byte) => byte === 1)).toBe(true);
});

test("a seed is a number of 32 bits, with or without a sign", () => {
  expect(hashOf(sanityBytes, -1)).toBe(hashOf(sanityBytes, 2 ** 32 - 1));
});
