/** An object of more keys is a table. */
const MOST_KEYS = 128;

/** Stands for whatever index an object has first. */
const INDEX = "0";

/** What distinguishes a shape from the one without its last key. */
interface LastKey {
  /** "0" for an index, whichever it is. */
  readonly key: string;
  /** Whether it is short, of ASCII, and sure to be no index. */
  readonly isOrdinary: boolean;
  readonly hasIndices: boolean;
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
  /** Its last key, if that is an ordinary one. */
  readonly #ordinaryKey: string | undefined;
  readonly #lastKey: string | undefined;
  readonly #size: number;
  readonly #hasIndices: boolean;
  /** What the key led to that came last behind these. */
  #next: Shape | undefined;
  /** What each key led to, once there was another one. */
  #nexts: Map<string, Shape> | undefined;

  constructor(size = 0, last?: LastKey) {
    this.#size = size;
    this.#lastKey = last?.key;
    this.#ordinaryKey = last?.isOrdinary === true ? asKey(last.key) : undefined;
    this.#hasIndices = last?.hasIndices ?? false;
  }

  /** The key that is likely to come next, if it is an ordinary one. */
  get expected(): string | undefined {
    return this.#next === undefined ? undefined : this.#next.#ordinaryKey;
  }

  /** The shape with the expected key, if `key` is that one. */
  lately(key: string): Shape | undefined {
    const next = this.#next;
    return next !== undefined && next.#ordinaryKey === key ? next : undefined;
  }

  /**
   * The shape with one more key; this one if it has many.
   *
   * @param isOrdinary - Whether the key is short, of ASCII, and sure to be no index.
   */
  with(key: string, isOrdinary: boolean): Shape {
    if (this.#size === MOST_KEYS) return this;
    return this.#behind({ key, isOrdinary, hasIndices: this.#hasIndices });
  }

  /** The shape with an index; this one if it has one. */
  withIndex(): Shape {
    return this.#hasIndices ? this : this.#behind({ key: INDEX, isOrdinary: false, hasIndices: true });
  }

  #behind(last: LastKey): Shape {
    const latest = this.#next;
    if (latest !== undefined && latest.#lastKey === last.key) return latest;
    const known = this.#nexts?.get(last.key);
    if (known === undefined && latest !== undefined) this.#nexts ??= new Map([[String(latest.#lastKey), latest]]);
    const next = known ?? new Shape(this.#size + 1, last);
    if (known === undefined) this.#nexts?.set(last.key, next);
    this.#next = next;
    return next;
  }
}

/** The same string as V8 has it once it was a key: any other has to be looked up each time it is one. */
function asKey(key: string): string {
  return Object.keys({ [key]: undefined })[0] ?? key;
}
