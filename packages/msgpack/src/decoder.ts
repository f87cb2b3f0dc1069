import { Budget, isIndex, LAST_INDEX, type Limits, STRING_BYTES_A_NODE, weights } from "./budget.ts";
import { ByteReader } from "./byte-reader.ts";
import { LIFTED, restore } from "./lifted.ts";
import { readTimestamp } from "./timestamp.ts";
import { arrayOf, KIND_UINT_8 } from "./typed-arrays.ts";
import { numbersOf } from "./vector.ts";
import * as wire from "./wire-format.ts";

/**
 * Turns bytes into values, whoever wrote them. Nothing is made before it is known that enough bytes follow and that the
 * budget allows for it.
 */
export class Decoder {
  readonly #limits: Limits;
  readonly #budget: Budget;
  readonly #reader = new ByteReader();

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#budget = new Budget(limits);
  }

  /** @throws `Error` of some kind for bytes that hold no value, or one beyond the limits. */
  decode(bytes: Uint8Array): unknown {
    if (bytes.byteLength > this.#limits.maxBytes) throw new RangeError("Too many bytes");
    this.#reader.begin(bytes);
    this.#budget.begin(bytes.byteLength);
    try {
      const value = this.#reader.passIf(LIFTED)
        ? restore(this.#value(0), this.#value(0), this.#budget)
        : this.#value(0);
      if (this.#reader.left > 0) throw new RangeError("More than one value");
      return value;
    } finally {
      this.#reader.end();
    }
  }

  #value(depth: number): unknown {
    const token = this.#reader.byte();
    if (token < wire.FIX_RECORD) return token;
    if (token < wire.FIX_LIST) return this.#record(token - wire.FIX_RECORD, depth);
    if (token < wire.FIX_STRING) return this.#list(token - wire.FIX_LIST, depth);
    if (token < wire.NIL) return this.#string(token - wire.FIX_STRING);
    if (token >= wire.FIX_NEGATIVE) return token - 0x100;
    return token >= wire.FLOAT_32 && token <= wire.INT_64 ? this.#number(token) : this.#other(token, depth);
  }

  #number(token: number): number | bigint {
    switch (token) {
      case wire.FLOAT_32:
        this.#budget.spend(weights.float);
        return this.#reader.float32();
      case wire.FLOAT_64:
        this.#budget.spend(weights.float);
        return this.#reader.float64();
      case wire.UINT_8:
        return this.#reader.byte();
      case wire.UINT_16:
        return this.#reader.uint16();
      case wire.UINT_32:
        return this.#reader.uint32();
      case wire.INT_8:
        return this.#reader.int8();
      case wire.INT_16:
        return this.#reader.int16();
      case wire.INT_32:
        return this.#reader.int32();
      default:
        return this.#bigint(token);
    }
  }

  #bigint(token: number): bigint {
    this.#budget.spend(weights.bigint);
    return token === wire.INT_64 ? this.#reader.bigInt64() : this.#reader.bigUint64();
  }

  #other(token: number, depth: number): unknown {
    switch (token) {
      case wire.NIL:
        return null;
      case wire.FALSE:
        return false;
      case wire.TRUE:
        return true;
      case wire.STRING_8:
      case wire.STRING_16:
      case wire.STRING_32:
        return this.#string(this.#length(token - wire.STRING_8));
      case wire.LIST_16:
      case wire.LIST_32:
        return this.#list(this.#length(token - wire.LIST_16 + 1), depth);
      case wire.RECORD_16:
      case wire.RECORD_32:
        return this.#record(this.#length(token - wire.RECORD_16 + 1), depth);
      case wire.BYTES_8:
      case wire.BYTES_16:
      case wire.BYTES_32:
        return this.#typedArray(KIND_UINT_8, this.#length(token - wire.BYTES_8));
      case wire.EXT_8:
      case wire.EXT_16:
      case wire.EXT_32:
        return this.#ext(this.#length(token - wire.EXT_8), depth);
      case wire.FIX_EXT_1:
        return this.#ext(1, depth);
      case wire.FIX_EXT_4:
        return this.#ext(4, depth);
      case wire.FIX_EXT_8:
        return this.#ext(8, depth);
      default:
        throw new RangeError("No such token");
    }
  }

  #string(length: number): string {
    this.#budget.spend(weights.string + Math.floor(length / STRING_BYTES_A_NODE));
    return this.#reader.string(length);
  }

  #list(length: number, depth: number): unknown[] {
    this.#enter(weights.list + length, depth);
    // An item has a byte at least.
    if (length > this.#reader.left) throw new RangeError("Cut off");
    // oxlint-disable-next-line unicorn/no-new-array -- of its length at once, as it takes more memory when it grows
    const list = new Array<unknown>(length);
    for (let index = 0; index < length; index++) list[index] = this.#value(depth + 1);
    return list;
  }

  #record(size: number, depth: number): object {
    this.#assertDepth(depth);
    let shape = this.#budget.spendRecord(size, depth);
    const record: Record<string, unknown> = {};
    let isTable = false;
    for (let position = 0; position < size; position++) {
      const bytes = this.#keyLength();
      const key = this.#reader.key(bytes, shape.expected);
      if (key === "__proto__") throw new RangeError("A key that is never written");
      shape = this.#budget.spendKey(shape, key, bytes);
      if (!isTable && isIndex(key)) isTable = becomeTable(record);
      record[key] = this.#value(depth + 1);
    }
    return record;
  }

  #keyLength(): number {
    const token = this.#reader.byte();
    const length = token < wire.NIL ? token - wire.FIX_STRING : this.#length(token - wire.STRING_8);
    if (length < 0) throw new RangeError("No string as key");
    return length;
  }

  #ext(length: number, depth: number): unknown {
    const type = this.#reader.byte();
    switch (type) {
      case wire.TYPE_TYPED_ARRAY:
        return this.#typedArray(this.#reader.byte(), length - 1);
      case wire.TYPE_VECTOR:
        return this.#vector(length);
      case wire.TYPE_DATE:
        this.#budget.spend(weights.date);
        return readTimestamp(this.#reader, length);
      case wire.TYPE_UNDEFINED:
      case wire.TYPE_SET:
      case wire.TYPE_MAP:
        if (length === 1 && this.#reader.byte() === 0) return this.#tagged(type, depth);
    }
    throw new RangeError("No such extension");
  }

  /** What is said by a type alone, or stands behind it. */
  #tagged(type: number, depth: number): unknown {
    if (type === wire.TYPE_SET) return this.#set(depth);
    if (type === wire.TYPE_MAP) return this.#map(depth);
    this.#budget.spend(weights.undefined);
    return undefined;
  }

  #set(depth: number): Set<unknown> {
    const size = this.#size(wire.FIX_LIST, wire.LIST_16);
    this.#enter(weights.mapOrSet + size, depth);
    const set = new Set<unknown>();
    for (let index = 0; index < size; index++) {
      const item = this.#value(depth + 1);
      this.#budget.spendHashed(item);
      set.add(item);
    }
    return set;
  }

  #map(depth: number): Map<unknown, unknown> {
    const size = this.#size(wire.FIX_RECORD, wire.RECORD_16);
    this.#enter(weights.mapOrSet + 2 * size, depth);
    const map = new Map<unknown, unknown>();
    for (let index = 0; index < size; index++) {
      const key = this.#value(depth + 1);
      this.#budget.spendHashed(key);
      map.set(key, this.#value(depth + 1));
    }
    return map;
  }

  /** The size of the list or the map that has to follow. */
  #size(fixed: number, token16: number): number {
    const token = this.#reader.byte();
    if (token >= fixed && token < fixed + 2 ** 4) return token - fixed;
    if (token < token16) throw new RangeError("Nothing that has a size");
    return this.#length(token - token16 + 1);
  }

  #typedArray(kind: number, length: number): ArrayBufferView | ArrayBuffer {
    this.#budget.spend(weights.typedArray);
    return arrayOf(kind, this.#reader.copy(length));
  }

  #vector(length: number): number[] {
    this.#budget.spend(weights.typedArray + weights.list + length / 4);
    return numbersOf(this.#reader.copy(length));
  }

  /** Goes into what contains other values. */
  #enter(spent: number, depth: number): void {
    this.#assertDepth(depth);
    this.#budget.spend(spent);
  }

  #assertDepth(depth: number): void {
    if (depth >= this.#limits.maxDepth) throw new RangeError("Nested too deep");
  }

  /** A length in the 1, 2 or 4 bytes for which a token is the first, second or third. */
  #length(token: number): number {
    if (token === 0) return this.#reader.byte();
    if (token === 1) return this.#reader.uint16();
    if (token === 2) return this.#reader.uint32();
    throw new RangeError("Nothing that has a length");
  }
}

/**
 * V8 lays out what has an index in place of a key as a list with room up to that index: an object of 5 bytes may take 12 KB. An
 * index beyond all lists, though it is gone again at once, makes it a table for good.
 */
function becomeTable(record: Record<string, unknown>): true {
  record[LAST_INDEX] = undefined;
  // oxlint-disable-next-line typescript/no-dynamic-delete -- see above
  delete record[LAST_INDEX];
  return true;
}
