import { KEY_PLACES } from "./key-place.ts";
import { Refusal } from "./refusal.ts";

/** How much one value may be. */
export interface Limits {
  /** The most bytes it may be encoded in. */
  readonly maxBytes: number;
  /** How deep lists, objects, Maps and Sets may stand in one another. */
  readonly maxDepth: number;
  /** The most nodes it may count for. */
  readonly maxNodes: number;
}

/**
 * For how many nodes things count: one for 8 bytes of memory or for 10 ns of decoding, whichever comes to more. What stands in
 * a list or an object counts for 1 by standing there.
 */
export const weights = {
  undefined: 1,
  list: 6,
  record: 7,
  /** A key that was met at its place before. */
  key: 4,
  /** One that was not: V8 makes a string and a hidden class for it, or a small table. */
  newKey: 40,
  /** A key of a large object, which is a table. */
  tableKey: 24,
  string: 6,
  bigint: 3,
  /** Of 32 bits, as other writers have them. */
  float: 1,
  date: 12,
  typedArray: 40,
  mapOrSet: 30,
  /** What a Set contains or a Map is keyed by. */
  hashed: 24,
} as const;

/** As many bytes of a string count for 1 more. */
export const STRING_BYTES_A_NODE = 4;

/** At 8 bytes a node, memory may come to 10 times the bytes, … */
const NODES_A_BYTE = 10 / 8;
/** … and to 4 MiB more, without which no list of dates or of empty objects would do. */
const NODES_ON_TOP = 2 ** 19;

/** A new key takes a byte at least, as does its value: no bytes count for more nodes than this. */
const MOST_NODES_A_BYTE = weights.newKey;

/**
 * What is left of the limits while a value is encoded or decoded. It is spent the same way both times, so that what could be
 * encoded can be decoded.
 */
export class Budget {
  readonly #limits: Limits;
  #allowed = 0;
  #left = 0;
  #hashedNumbers = 0;
  /** Whether there are too few bytes for the keys to matter. */
  #isSmall = false;
  /** The key that was last met at each place, and in which value. */
  readonly #keys: string[] = Array.from({ length: KEY_PLACES }, () => "");
  readonly #values = new Uint32Array(KEY_PLACES);
  #value = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Starts anew for a value of so many bytes; infinitely many while that is not known. */
  begin(bytes: number): void {
    this.#allowed = Math.min(this.#limits.maxNodes, nodesIn(bytes));
    this.#left = this.#allowed;
    this.#hashedNumbers = 0;
    this.#isSmall = bytes * MOST_NODES_A_BYTE <= this.#allowed;
    this.#value = (this.#value + 1) >>> 0;
  }

  /** Ends a value whose bytes were not known at the beginning. */
  end(bytes: number): void {
    if (this.#allowed - this.#left > nodesIn(bytes)) {
      throw new Refusal(`larger in memory than 10 times its ${bytes} bytes and 4 MiB`);
    }
  }

  spend(nodes: number): void {
    if ((this.#left -= nodes) < 0) throw new Refusal(`made of more than ${this.#allowed} nodes (maxNodes)`);
  }

  /** Spends for a key of an object. Returns whether it may be a new one, which has not been looked at in this value. */
  spendKey(key: string, place: number): boolean {
    if (this.#isSmall) return true;
    if (place < 0) {
      this.spend(weights.tableKey);
      return true;
    }
    if (this.#keys[place] === key && this.#values[place] === this.#value) {
      this.spend(weights.key);
      return false;
    }
    this.spend(weights.newKey);
    if (!isIndex(key)) {
      this.#keys[place] = key;
      this.#values[place] = this.#value;
    }
    return true;
  }

  /**
   * Spends for what a Set contains or a Map is keyed by. V8 hashes numbers without a secret, so that n of them can be chosen
   * to take the time of n² / 8 nodes.
   */
  spendHashed(value: unknown): void {
    this.spend(weights.hashed);
    if (typeof value !== "number" && typeof value !== "bigint") return;
    this.#hashedNumbers++;
    if (this.#hashedNumbers ** 2 / 8 > this.#limits.maxNodes) {
      throw new Refusal(`a number in a Set or a key of a Map after ${this.#hashedNumbers - 1} others (maxNodes)`);
    }
  }
}

/** Whether a key may be an index: V8 has no hidden classes for these. */
export function isIndex(key: string): boolean {
  const code = key.charCodeAt(0);
  return code >= 0x30 && code <= 0x39;
}

function nodesIn(bytes: number): number {
  return NODES_ON_TOP + bytes * NODES_A_BYTE;
}
