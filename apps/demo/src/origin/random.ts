/**
 * A seeded source of pseudo-random numbers: equal seeds give equal sequences on every machine.
 *
 * The generator is sfc32 (Chris Doty-Humphrey, PractRand), which passes PractRand and needs four words of state. The
 * seed and the stream's name are spread over that state by a hash, and the first outputs are thrown away, so that
 * neighbouring seeds do not start alike.
 */
export class SeededRandom {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /**
   * @param seed any finite number
   * @param stream separates independent sequences of one seed, so that more jobs do not change the users
   */
  constructor(seed: number, stream = "") {
    this.#a = hashText(`${seed}/${stream}/a`);
    this.#b = hashText(`${seed}/${stream}/b`);
    this.#c = hashText(`${seed}/${stream}/c`);
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** The next number, at least 0 and below 1, with 32 bits of resolution. */
  next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** A whole number from `minimum` to `maximum`, both included. */
  integer(minimum: number, maximum: number): number {
    return minimum + Math.floor(this.next() * (maximum - minimum + 1));
  }

  /** True with the given probability (0 to 1). */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /**
   * One element, all equally likely.
   *
   * @throws RangeError when the list is empty
   */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError("pick() needs at least one element");
    return list[this.integer(0, list.length - 1)] as T;
  }

  /** `count` different elements in random order, or all of them if there are fewer. The list is not changed. */
  sample<T>(list: readonly T[], count: number): T[] {
    const pool = [...list];
    const size = Math.min(count, pool.length);
    for (let index = 0; index < size; index += 1) {
      const other = this.integer(index, pool.length - 1);
      [pool[index], pool[other]] = [pool[other] as T, pool[index] as T];
    }
    return pool.slice(0, size);
  }
}

/**
 * A hash of the text's UTF-16 units as a signed 32-bit number: FNV-1a, then the finaliser of MurmurHash3, because the
 * low bits of FNV-1a alone depend on little more than the parity of the letters.
 *
 * Not for security: it only spreads words over buckets and seeds over states, quickly and the same everywhere.
 */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
