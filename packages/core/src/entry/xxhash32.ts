const PRIME_1 = 0x9e37_79b1;
const PRIME_2 = 0x85eb_ca77;
const PRIME_3 = 0xc2b2_ae3d;
const PRIME_4 = 0x27d4_eb2f;
const PRIME_5 = 0x1656_67b1;

const STRIPE_BYTES = 16;

/** Some of the bytes of a view. */
export interface ByteRange {
  readonly start: number;
  /** The first one that is no longer meant. */
  readonly end: number;
}

/**
 * A checksum of 32 bits: xxHash32 by Yann Collet, as in his specification (the LZ4 frame format uses the same). No
 * protection against a forger. In JavaScript, as a call into `node:zlib` alone takes longer than most values take to be
 * looked through, and for large ones it is no faster.
 *
 * A change within one word of 4 bytes, counted from the start, is always noticed; any other but for one in 2^32.
 *
 * @returns A whole number from 0 to 2^32 - 1.
 */
export function xxHash32(view: DataView, { start, end }: ByteRange, seed: number): number {
  const tail = end - ((end - start) % STRIPE_BYTES);
  let at = start;
  let hash = (seed + PRIME_5) | 0;
  if (at < tail) {
    let one = (seed + PRIME_1 + PRIME_2) | 0;
    let two = (seed + PRIME_2) | 0;
    let three = seed | 0;
    let four = (seed - PRIME_1) | 0;
    for (; at < tail; at += STRIPE_BYTES) {
      one = lane(one, view.getInt32(at, true));
      two = lane(two, view.getInt32(at + 4, true));
      three = lane(three, view.getInt32(at + 8, true));
      four = lane(four, view.getInt32(at + 12, true));
    }
    hash = (turned(one, 1) + turned(two, 7) + turned(three, 12) + turned(four, 18)) | 0;
  }
  hash = (hash + end - start) | 0;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(turned((hash + Math.imul(view.getInt32(at, true), PRIME_3)) | 0, 17), PRIME_4);
  }
  for (; at < end; at++) hash = Math.imul(turned((hash + Math.imul(view.getUint8(at), PRIME_5)) | 0, 11), PRIME_1);
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function lane(sum: number, word: number): number {
  // Without the `| 0` the engine adds in floating point, which takes twice as long.
  return Math.imul(turned((sum + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);
}

/** The bits of a number of 32, turned left. */
function turned(bits: number, by: number): number {
  return (bits << by) | (bits >>> (32 - by));
}
