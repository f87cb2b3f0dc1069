const PRIME_1 = 0x9e37_79b1;
const PRIME_2 = 0x85eb_ca77;
const PRIME_3 = 0xc2b2_ae3d;
const PRIME_4 = 0x27d4_eb2f;
const PRIME_5 = 0x1656_67b1;

const STRIPE_BYTES = 16;

/** How many bytes can be hashed at once. */
export const SCRATCH_BYTES: number = 2 ** 13;

/**
 * Where bytes are put to be hashed. What is looked through lies always in the same memory and begins at a word: the engine then
 * takes a fifth less time, and no view has to be made.
 */
export const scratch: Uint8Array<ArrayBuffer> = new Uint8Array(SCRATCH_BYTES);
const words = new Int32Array(scratch.buffer);

/** What is longer is looked through in parts, which are put behind as many bytes as these. */
const KEPT_BYTES = 2 ** 7;
const PART_BYTES = SCRATCH_BYTES - KEPT_BYTES;

/** Some of the bytes in the scratch memory. */
export interface ByteRange {
  /** A multiple of 4. */
  readonly start: number;
  /** The first one that is no longer meant. */
  readonly end: number;
}

/** The sums of the stripes so far. */
let one = 0;
let two = 0;
let three = 0;
let four = 0;

/**
 * A checksum of 32 bits: xxHash32 by Yann Collet, as in his specification (the LZ4 frame format uses the same). No
 * protection against a forger. In JavaScript, as a call into `node:zlib` alone takes longer than most values take to be
 * looked through, and for large ones it is no faster.
 *
 * A change within one word of 4 bytes, counted from the start, is always noticed; any other but for one in 2^32.
 *
 * @returns A whole number from 0 to 2^32 - 1.
 */
export function xxHash32({ start, end }: ByteRange, seed: number): number {
  const length = end - start;
  if (length < STRIPE_BYTES) return finished({ start, end }, seed + PRIME_5 + length);
  const tail = end - (length % STRIPE_BYTES);
  begin(seed);
  addStripes(start >> 2, tail >> 2);
  return finished({ start: tail, end }, sum() + length);
}

/**
 * The same of bytes that lie anywhere, at least 16 from `start` on. They are put into the scratch memory bit by bit, the first
 * 128 bytes of which stay as they are.
 */
export function xxHash32Of(bytes: Uint8Array, start: number, seed: number): number {
  const length = bytes.byteLength - start;
  const tail = bytes.byteLength - (length % STRIPE_BYTES);
  begin(seed);
  for (let at = start; at < tail; at += PART_BYTES) {
    const end = Math.min(at + PART_BYTES, tail);
    scratch.set(bytes.subarray(at, end), KEPT_BYTES);
    addStripes(KEPT_BYTES >> 2, (KEPT_BYTES + end - at) >> 2);
  }
  scratch.set(bytes.subarray(tail), KEPT_BYTES);
  return finished({ start: KEPT_BYTES, end: KEPT_BYTES + (bytes.byteLength - tail) }, sum() + length);
}

function begin(seed: number): void {
  one = (seed + PRIME_1 + PRIME_2) | 0;
  two = (seed + PRIME_2) | 0;
  three = seed | 0;
  four = (seed - PRIME_1) | 0;
}

/** Two stripes at a time, as long as there are two: what is between them is saved. */
function addStripes(start: number, end: number): void {
  // With `| 0` the engine knows them for whole numbers of 32 bits, and leaves out a check at each step.
  let a = one | 0;
  let b = two | 0;
  let c = three | 0;
  let d = four | 0;
  let at = start | 0;
  if (((end - start) & 4) !== 0) {
    a = lane(a, words[at] as number);
    b = lane(b, words[at + 1] as number);
    c = lane(c, words[at + 2] as number);
    d = lane(d, words[at + 3] as number);
    at = (at + 4) | 0;
  }
  for (; at < end; at = (at + 8) | 0) {
    a = lane(a, words[at] as number);
    b = lane(b, words[at + 1] as number);
    c = lane(c, words[at + 2] as number);
    d = lane(d, words[at + 3] as number);
    a = lane(a, words[at + 4] as number);
    b = lane(b, words[at + 5] as number);
    c = lane(c, words[at + 6] as number);
    d = lane(d, words[at + 7] as number);
  }
  one = a;
  two = b;
  three = c;
  four = d;
}

function sum(): number {
  return turned(one, 1) + turned(two, 7) + turned(three, 12) + turned(four, 18);
}

/** Adds what is left, of less than a stripe, and mixes it all. */
function finished({ start, end }: ByteRange, begun: number): number {
  let hash = begun | 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(turned((hash + Math.imul(words[at >> 2] as number, PRIME_3)) | 0, 17), PRIME_4);
  }
  for (; at < end; at++) hash = Math.imul(turned((hash + Math.imul(scratch[at] as number, PRIME_5)) | 0, 11), PRIME_1);
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function lane(before: number, word: number): number {
  // Without the `| 0` the engine adds in floating point, which takes twice as long.
  return Math.imul(turned((before + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);
}

/** The bits of a number of 32, turned left. */
function turned(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}
