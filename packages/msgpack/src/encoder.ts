import { Budget, type Limits, SHORT_KEY, STRING_BYTES_A_NODE, weights } from "./budget.ts";
import { ByteWriter } from "./byte-writer.ts";
import { hasEnumerable, hasItemsAlone, hasOwnProperties, hasSymbols } from "./own-properties.ts";
import { Refusal } from "./refusal.ts";
import type { Shape } from "./shape.ts";
import { writeTimestamp } from "./timestamp.ts";
import { bytesOf, KIND_UINT_8, kindOf } from "./typed-arrays.ts";
import { vectorOf } from "./vector.ts";
import * as wire from "./wire-format.ts";

/** Turns values into bytes, and refuses on the way what would not come back as it is. Encodes one value at a time. */
export class Encoder {
  readonly #limits: Limits;
  readonly #budget: Budget;
  readonly #writer: ByteWriter;
  /** Whether objects inherit properties that a loop over their keys comes by. */
  #hasInherited = false;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#budget = new Budget(limits);
    this.#writer = new ByteWriter(limits.maxBytes);
  }

  /** @throws {@link Refusal} */
  encode(value: unknown): Uint8Array {
    this.#value(value, 0);
    return this.#end();
  }

  /**
   * Encodes a list of numbers in 4 bytes each.
   *
   * @throws {@link Refusal}
   */
  encodeVector(list: readonly unknown[]): Uint8Array {
    this.#enter(weights.typedArray + weights.list + list.length, 0);
    if (!hasItemsAlone(list)) throw new Refusal("a list with holes or with properties beside its items");
    const bytes = bytesOf(vectorOf(list));
    this.#writer.sized(wire.EXT_8, bytes.byteLength);
    this.#writer.byte(wire.TYPE_VECTOR);
    this.#writer.bytes(bytes);
    return this.#end();
  }

  /** Begins a value, behind so many bytes. */
  begin(headroomBytes: number): void {
    this.#writer.begin(headroomBytes);
    this.#budget.begin();
    this.#hasInherited = hasEnumerable(Object.prototype);
  }

  #end(): Uint8Array {
    this.#budget.end(this.#writer.written);
    return this.#writer.take();
  }

  #value(value: unknown, depth: number): void {
    // Not a `switch`, for which the engine makes the name of the type first.
    if (typeof value === "string") this.#string(value);
    else if (typeof value === "number") this.#number(value);
    else if (value === null) this.#writer.byte(wire.NIL);
    else if (typeof value === "object") this.#object(value, depth);
    else if (typeof value === "boolean") this.#writer.byte(value ? wire.TRUE : wire.FALSE);
    else if (value === undefined) this.#undefined();
    else if (typeof value === "bigint") this.#bigint(value);
    else throw new Refusal(`a ${typeof value}`);
  }

  #number(number: number): void {
    if (!this.#writer.number(number)) this.#budget.spend(weights.float);
  }

  #undefined(): void {
    this.#budget.spend(weights.undefined);
    this.#tag(wire.TYPE_UNDEFINED);
  }

  #string(text: string): void {
    const bytes = this.#writer.string(text);
    if (bytes < 0) throw new Refusal("a string that is not well-formed Unicode");
    this.#budget.spend(weights.string + Math.floor(bytes / STRING_BYTES_A_NODE));
  }

  #bigint(value: bigint): void {
    this.#budget.spend(weights.bigint);
    if (BigInt.asIntN(64, value) === value) this.#writer.bigint64(wire.INT_64, value);
    else if (BigInt.asUintN(64, value) === value) this.#writer.bigint64(wire.UINT_64, value);
    else throw new Refusal("a bigint of more than 64 bits");
  }

  #object(value: object, depth: number): void {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#record(value, depth);
    if (prototype === Array.prototype && Array.isArray(value)) return this.#list(value, depth);
    if (prototype === Map.prototype) return this.#map(value as Map<unknown, unknown>, depth);
    if (prototype === Set.prototype) return this.#set(value as Set<unknown>, depth);
    if (prototype === Date.prototype) return this.#date(value as Date);
    const kind = kindOf(prototype);
    if (kind === undefined) throw new Refusal("an instance of a class");
    return this.#typedArray(kind, value as ArrayBufferView | ArrayBuffer);
  }

  #record(record: object, depth: number): void {
    let step: string | undefined;
    try {
      if (hasSymbols(record)) throw new Refusal("an object with symbols as keys");
      const { length } = Object.getOwnPropertyNames(record);
      this.#assertDepth(depth);
      let shape = this.#budget.spendRecord(length, depth);
      this.#head(wire.FIX_RECORD, wire.RECORD_16, length);
      let position = 0;
      // Faster than a list of the keys, as long as nobody has added to the prototype of all objects.
      for (const key in record) {
        if (this.#hasInherited && !Object.hasOwn(record, key)) continue;
        step = key;
        position++;
        shape = this.#key(shape, key);
        this.#value((record as Readonly<Record<string, unknown>>)[key], depth + 1);
      }
      step = undefined;
      if (position !== length) throw new Refusal("an object with properties that are not enumerable");
    } catch (thrown) {
      throw Refusal.under(step, thrown);
    }
  }

  /** Writes the next key of an object of a shape. Returns the shape it has with that key. */
  #key(shape: Shape, key: string): Shape {
    const next = shape.lately(key);
    if (next === undefined || next.keyWords === undefined) return this.#newKey(shape, key);
    this.#writer.words(next.keyWords, key.length + 1);
    this.#budget.spendKnown(next);
    return next;
  }

  #newKey(shape: Shape, key: string): Shape {
    const bytes = this.#writer.string(key);
    if (bytes < 0) throw new Refusal("a value under a key that is not well-formed Unicode");
    if (key === "__proto__") throw new Refusal("a value under a key that cannot be kept");
    const next = this.#budget.spendKey(shape, key, bytes);
    // Ordinary keys alone are asked for it: of these, a byte is a character, and their head is 1 more.
    if (next !== shape && bytes === key.length && bytes <= SHORT_KEY) next.keyWords = this.#writer.lastWords(bytes + 1);
    return next;
  }

  #list(list: readonly unknown[], depth: number): void {
    let step: number | undefined;
    try {
      const { length } = list;
      this.#enter(weights.list + length, depth);
      const isBare = hasItemsAlone(list);
      this.#head(wire.FIX_LIST, wire.LIST_16, length);
      for (let index = 0; index < length; index++) {
        step = index;
        const item = list[index];
        if (item === undefined && !Object.hasOwn(list, index)) throw new Refusal("a hole in a list");
        this.#value(item, depth + 1);
      }
      step = undefined;
      if (!isBare) throw new Refusal("a list with properties beside its items");
    } catch (thrown) {
      throw Refusal.under(step, thrown);
    }
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number): void {
    let index = -1;
    let side = 0;
    try {
      const { size } = map;
      this.#enter(weights.mapOrSet + 2 * size, depth);
      if (hasOwnProperties(map)) throw new Refusal("a Map with further properties");
      this.#tag(wire.TYPE_MAP);
      this.#head(wire.FIX_RECORD, wire.RECORD_16, size);
      for (const [key, value] of map) {
        index++;
        side = 0;
        this.#budget.spendHashed(key);
        this.#value(key, depth + 1);
        side = 1;
        this.#value(value, depth + 1);
      }
      if (index + 1 !== size) throw new Refusal("a Map that changes while it is read");
    } catch (thrown) {
      throw index < 0 ? Refusal.under(undefined, thrown) : Refusal.under(index, Refusal.under(side, thrown));
    }
  }

  #set(set: ReadonlySet<unknown>, depth: number): void {
    let index = -1;
    try {
      const { size } = set;
      this.#enter(weights.mapOrSet + size, depth);
      if (hasOwnProperties(set)) throw new Refusal("a Set with further properties");
      this.#tag(wire.TYPE_SET);
      this.#head(wire.FIX_LIST, wire.LIST_16, size);
      for (const item of set) {
        index++;
        this.#budget.spendHashed(item);
        this.#value(item, depth + 1);
      }
      if (index + 1 !== size) throw new Refusal("a Set that changes while it is read");
    } catch (thrown) {
      throw Refusal.under(index < 0 ? undefined : index, thrown);
    }
  }

  #date(date: Date): void {
    this.#budget.spend(weights.date);
    if (hasOwnProperties(date)) throw new Refusal("a Date with further properties");
    writeTimestamp(this.#writer, date);
  }

  #typedArray(kind: number, array: ArrayBufferView | ArrayBuffer): void {
    this.#budget.spend(weights.typedArray);
    if (array instanceof ArrayBuffer && array.resizable) throw new Refusal("an ArrayBuffer that can be resized");
    const bytes = bytesOf(array);
    if (kind === KIND_UINT_8) this.#writer.sized(wire.BYTES_8, bytes.byteLength);
    else {
      // The kind is a part of the content.
      this.#writer.sized(wire.EXT_8, bytes.byteLength + 1);
      this.#writer.ext(wire.TYPE_TYPED_ARRAY, kind);
    }
    this.#writer.bytes(bytes);
  }

  /** Goes into what contains other values. */
  #enter(spent: number, depth: number): void {
    this.#assertDepth(depth);
    this.#budget.spend(spent);
  }

  #assertDepth(depth: number): void {
    const { maxDepth } = this.#limits;
    if (depth >= maxDepth) throw new Refusal(`nested more than ${maxDepth} deep (maxDepth) or part of a cycle`);
  }

  #head(fixed: number, token16: number, size: number): void {
    if (size < 2 ** 4) this.#writer.byte(fixed + size);
    else this.#writer.sized16(token16, size);
  }

  #tag(type: number): void {
    this.#writer.ext(wire.FIX_EXT_1, type);
    this.#writer.byte(0);
  }
}
