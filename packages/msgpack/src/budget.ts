import { Refusal } from "./refusal.ts";
import { Shape } from "./shape.ts";

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
  undefined: 2,
  list: 6,
  record: 7,
  /** Any key of an object. */
  key: 7,
  /** One that no object in the value had behind the same keys, besides: V8 makes a string and a hidden class for it. */
  newKey: 40,
  /** One of a very large object, which is a table, besides. */
  tableKey: 30,
  /** One that is an index, besides. */
  index: 40,
  string: 8,
  bigint: 3,
  /** What is no whole number of 32 bits. */
  float: 1,
  date: 12,
  typedArray: 56,
  mapOrSet: 30,
  /** What a Set contains or a Map is keyed by. */
  hashed: 24,
} as const;

/** For how many nodes things count further that take longer than the memory they fill. */
export const timeWeights = {
  newKey: 210,
  /** A known key in place of the one that came last behind the same keys, once there are many shapes. */
  turn: 60,
  tableKey: 30,
  /** A key that is made anew each time, as it is long or not ASCII. */
  rareKey: 30,
  /** A step to what the first codec had lifted out of a value. */
  step: 10,
} as const;

/** As many bytes of a string count for 1 more. */
export const STRING_BYTES_A_NODE = 4;

/** At 8 bytes a node, memory may come to 10 times the bytes, … */
const NODES_A_BYTE = 10 / 8;
/** … and to 4 MiB more, without which no list of dates or of empty objects would do. */
const NODES_ON_TOP = 2 ** 19;

/** A new key takes a byte at least, as does its value: nothing but numbers in chains counts for more nodes than this. */
const MOST_NODES_A_BYTE: number = weights.newKey + timeWeights.newKey;

/** Keys of ASCII up to this long are found in a table when they come again. */
export const SHORT_KEY = 24;

/** V8 hashes numbers without a secret: all can be chosen to be in one chain, of which this many are passed in 10 ns. */
const CHAINED_A_NODE = 4;

/** The last number that is an index of an object. */
export const LAST_INDEX: number = 2 ** 32 - 2;

/** Up to so many hidden classes in turns, V8 finds the next one at once; some more, and it makes a table of each object. */
const SHAPES_AT_HAND = 256;

/** A power of 2. */
const DEPTHS = 16;

/** More shapes than this are not kept for the next value. */
const MOST_SHAPES = 2 ** 12;

/**
 * What is left of the limits while a value is encoded or decoded. It is spent the same way both times, so that what could be
 * encoded can be decoded.
 */
export class Budget {
  readonly #limits: Limits;
  /** How many nodes are left of the limit. */
  #left = 0;
  /** How many of those that were spent stand for time alone. */
  #time = 0;
  /** How many nodes may stand for memory. */
  #mostInMemory = 0;
  /** How many nodes have to be left: more than none, as long as the memory is the tighter limit. */
  #least = 0;
  #hashedNumbers = 0;
  /** Whether there are too few bytes for the keys to matter. */
  #isSmall = false;
  /** The shape of an object without keys, for each depth: what stands in one another has seldom the same keys. */
  #empty = emptyShapes();
  #shapes = 0;
  /** How many of them this value has had. */
  #met = 0;
  /** How many values there were. */
  #value = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Starts anew for a value of so many bytes, or of any number as long as that is not known. */
  begin(bytes?: number): void {
    const { maxNodes } = this.#limits;
    this.#left = maxNodes;
    this.#mostInMemory = bytes === undefined ? Number.POSITIVE_INFINITY : nodesIn(bytes);
    this.#time = 0;
    this.#least = Math.max(0, maxNodes - this.#mostInMemory);
    this.#hashedNumbers = 0;
    this.#isSmall = bytes !== undefined && mostNodesIn(bytes) <= maxNodes;
    this.#value++;
    this.#met = 0;
    if (this.#shapes <= MOST_SHAPES) return;
    this.#empty = emptyShapes();
    this.#shapes = 0;
  }

  /** Ends a value whose bytes were not known at the beginning. */
  end(bytes: number): void {
    if (this.#limits.maxNodes - this.#left - this.#time > nodesIn(bytes)) {
      throw new Refusal(`larger in memory than 10 times its ${bytes} bytes and 4 MiB`);
    }
  }

  spend(nodes: number): void {
    if ((this.#left -= nodes) < this.#least) throw this.#overspent();
  }

  /** Spends for what fills no memory. */
  spendTime(nodes: number): void {
    this.#time += nodes;
    this.#least = Math.max(0, this.#limits.maxNodes - this.#mostInMemory - this.#time);
    this.spend(nodes);
  }

  #overspent(): Refusal {
    if (this.#left >= 0) return new Refusal("larger in memory than 10 times its bytes and 4 MiB");
    return new Refusal(`made of more than ${this.#limits.maxNodes} nodes (maxNodes)`);
  }

  /** Spends for an object of so many keys. Returns the shape it has without them. */
  spendRecord(size: number, depth: number): Shape {
    this.spend(weights.record + size * (1 + weights.key));
    return this.#empty[depth & (DEPTHS - 1)] as Shape;
  }

  /**
   * Spends for what the next key of an object of a shape is besides. Returns the shape it has with that key.
   *
   * @param bytes - Of the key, encoded.
   */
  spendKey(shape: Shape, key: string, bytes: number): Shape {
    const next = shape.lately(key);
    if (next === undefined) return this.#spendOther(shape, key, bytes);
    this.spendKnown(next);
    return next;
  }

  /** The same for a shape with an ordinary key that was met lately. */
  spendKnown(shape: Shape): void {
    if (shape.metIn !== this.#value) this.#meet(shape);
  }

  #spendOther(shape: Shape, key: string, bytes: number): Shape {
    const isShort = bytes <= SHORT_KEY && bytes === key.length;
    if (!isShort) this.#spendUnlessSmall(0, timeWeights.rareKey + Math.floor(bytes / STRING_BYTES_A_NODE));
    const isAtIndex = isIndex(key);
    if (isAtIndex) this.#spendUnlessSmall(weights.index, 0);
    const next = isAtIndex ? shape.withIndex() : shape.with(key, isShort && !startsWithDigit(key));
    if (next.metIn !== this.#value) this.#meet(next);
    else if (next === shape && !isAtIndex) this.#spendUnlessSmall(weights.tableKey, timeWeights.tableKey);
    else if (this.#met > SHAPES_AT_HAND) this.#spendUnlessSmall(0, timeWeights.turn);
    return next;
  }

  #meet(shape: Shape): void {
    this.#spendUnlessSmall(weights.newKey, timeWeights.newKey);
    if (shape.metIn === 0) this.#shapes++;
    this.#met++;
    shape.metIn = this.#value;
  }

  #spendUnlessSmall(nodes: number, further: number): void {
    if (this.#isSmall) return;
    this.spend(nodes);
    this.spendTime(further);
  }

  /** Spends for what a Set contains or a Map is keyed by. */
  spendHashed(value: unknown): void {
    this.spend(weights.hashed);
    if (typeof value !== "number" && typeof value !== "bigint") return;
    this.#hashedNumbers++;
    this.spendTime(Math.floor(this.#hashedNumbers / CHAINED_A_NODE));
  }
}

const INDEX = /^(?:0|[1-9]\d{0,9})$/;

/** Whether a key is an index of an object: V8 has no hidden classes for these. */
export function isIndex(key: string): boolean {
  return startsWithDigit(key) && INDEX.test(key) && Number(key) <= LAST_INDEX;
}

function emptyShapes(): readonly Shape[] {
  return Array.from({ length: DEPTHS }, () => new Shape());
}

function startsWithDigit(key: string): boolean {
  const code = key.charCodeAt(0);
  return code >= 0x30 && code <= 0x39;
}

/** What so many bytes count for at the most. */
function mostNodesIn(bytes: number): number {
  return bytes * MOST_NODES_A_BYTE + bytes ** 2 / (2 * CHAINED_A_NODE);
}

/** What so many bytes may count for, as memory. */
function nodesIn(bytes: number): number {
  return NODES_ON_TOP + bytes * NODES_A_BYTE;
}
