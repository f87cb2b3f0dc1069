/** A source of whole numbers from 0 to 2³²−1, the same for the same seed (xorshift32). The seed must not be 0. */
export function seededIntegers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}

/** So many bytes from a source of whole numbers. */
export function seededBytes(nextInteger: () => number, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => nextInteger() >>> 24);
}
