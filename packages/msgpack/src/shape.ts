/** An object of more keys is a table. */
const MOST_KEYS = 128;

/** Stands for whatever index an object has first. */
const INDEX = "0";

/** The same string as V8 has it once it was a key: as another one it has to be looked up each time. */
function asKey(key: string): string {
  return Object.keys({ [key]: undefined })[0] ?? key;
}

/**
 * What objects have in common that got the same keys in the same order. V8 makes a hidden class for each, which takes much
 * longer than to put a value where a hidden class says.
 */
export class Shape {
  /** The value in which it was last met, by its number. */
  metIn = 0;
  /** Its last key as it is encoded, with its head, in words of 4 bytes; `undefined` as long as it was not. */
  keyWords: readonly number[] | undefined;
  readonly #size: number;
  readonly #hasIndices: boolean;
  /** The key that came last behind these, what it led to, and whether it is an ordinary one. */
  #key: string | undefined;
  #next: Shape | undefined;
  #isOrdinary = false;
  /** What each key led to, once there was another one. */
  #nexts: Map<string, Shape> | undefined;

  constructor(size = 0, hasIndices = false) {
    this.#size = size;
    this.#hasIndices = hasIndices;
  }

  /** The key that is likely to come next, if it is an ordinary one. */
  get expected(): string | undefined {
    return this.#isOrdinary ? this.#key : undefined;
  }

  /** The shape with the expected key, if `key` is that one. */
  lately(key: string): Shape | undefined {
    return this.#isOrdinary && key === this.#key ? this.#next : undefined;
  }

  /**
   * The shape with one more key; this one if it has many.
   *
   * @param isOrdinary - Whether the key is short, of ASCII, and sure to be no index.
   */
  with(key: string, isOrdinary: boolean): Shape {
    return this.#size === MOST_KEYS ? this : this.#remember(key, isOrdinary, this.#hasIndices);
  }

  /** The shape with an index; this one if it has one. */
  withIndex(): Shape {
    return this.#hasIndices ? this : this.#remember(INDEX, false, true);
  }

  #remember(key: string, isOrdinary: boolean, hasIndices: boolean): Shape {
    const next = key === this.#key ? this.#next : this.#nexts?.get(key);
    const found = next ?? new Shape(this.#size + 1, hasIndices);
    if (this.#key !== undefined && this.#next !== undefined) {
      this.#nexts ??= new Map([[this.#key, this.#next]]);
      this.#nexts.set(key, found);
    }
    this.#key = asKey(key);
    this.#next = found;
    this.#isOrdinary = isOrdinary;
    return found;
  }
}
