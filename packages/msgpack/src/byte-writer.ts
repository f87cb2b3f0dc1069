import { Buffer } from "node:buffer";
import { Refusal } from "./refusal.ts";
import * as wire from "./wire-format.ts";

/** Values lie in a chunk one behind another; a value that does not fit moves to a larger chunk. */
const CHUNK_BYTES = 2 ** 16;
/** A larger chunk is given up with the value it was made for, so that no later one keeps it in memory. */
const LARGEST_CHUNK_BYTES = 2 ** 20;
/** What must be left of a chunk for a value to begin in it. */
const LEAST_ROOM = 2 ** 10;
const ALIGNMENT_BYTES = 8;
const WORD_BYTES = 4;

/** Up to here a loop over the characters is faster than a call out of V8. */
const LONGEST_LOOP = 31;

/** Up to here a string is given the most room it may need, instead of looking through it for how much that is. */
const LONGEST_ONCE = 2 ** 12;
const MOST_BYTES_A_UNIT = 3;

/** Writes the bytes of one value after another. What the memory held before is never a part of them. */
export class ByteWriter {
  readonly #maxBytes: number;
  #chunk: Buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #view = new DataView(this.#chunk.buffer);
  #chunkEnd: number = CHUNK_BYTES;
  /** Where the memory of the value begins, … */
  #start = 0;
  /** … and the value itself, behind its headroom. */
  #valueAt = 0;
  #at = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Begins a value, behind so many bytes. What was written of one that was not taken is given up. */
  begin(headroomBytes: number): void {
    const leastBytes = LEAST_ROOM + headroomBytes;
    if (this.#chunkEnd - this.#start < leastBytes || this.#chunkEnd > LARGEST_CHUNK_BYTES) {
      this.#renew(Math.max(CHUNK_BYTES, leastBytes));
    }
    this.#valueAt = this.#start + headroomBytes;
    this.#at = this.#valueAt;
  }

  /** How many bytes the value has so far. */
  get written(): number {
    return this.#at - this.#valueAt;
  }

  /** The bytes of the value and its headroom. Nothing here is going to change them. */
  take(): Uint8Array {
    this.#assertRoom(0);
    const bytes = this.#chunk.subarray(this.#start, this.#at);
    // The next one begins at a word, as what it is copied to does.
    this.#start = (this.#at + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
    return bytes;
  }

  byte(byte: number): void {
    this.#makeRoom(1);
    this.#chunk[this.#at++] = byte;
  }

  bytes(bytes: Uint8Array): void {
    this.#assertRoom(bytes.byteLength);
    this.#makeRoom(bytes.byteLength);
    this.#chunk.set(bytes, this.#at);
    this.#at += bytes.byteLength;
  }

  uint32(number: number): void {
    this.#makeRoom(4);
    this.#view.setUint32(this.#at, number);
    this.#at += 4;
  }

  /** A token and a bigint of 64 bits, with or without a sign. */
  bigint64(token: number, number: bigint): void {
    this.byte(token);
    this.#makeRoom(8);
    this.#view.setBigInt64(this.#at, number);
    this.#at += 8;
  }

  /** A token, or a length, and the type of an extension. */
  ext(token: number, type: number): void {
    this.byte(token);
    this.byte(type);
  }

  /** A length, or a whole number below 2³², behind that of three tokens for 8, 16 and 32 bits which it needs. */
  sized(token8: number, number: number): void {
    if (number >= 2 ** 8) return this.sized16(token8 + 1, number);
    this.#makeRoom(2);
    this.#chunk[this.#at] = token8;
    this.#chunk[this.#at + 1] = number;
    this.#at += 2;
  }

  /** The same with two tokens, for 16 and 32 bits. */
  sized16(token16: number, number: number): void {
    this.#makeRoom(5);
    const at = this.#at;
    if (number < 2 ** 16) {
      this.#chunk[at] = token16;
      this.#view.setUint16(at + 1, number);
      this.#at = at + 3;
    } else {
      this.#chunk[at] = token16 + 1;
      this.#view.setUint32(at + 1, number);
      this.#at = at + 5;
    }
  }

  /** A number in as few bytes as keep it. Returns whether it is a whole one of 32 bits, with or without a sign. */
  number(number: number): boolean {
    // -0 is no whole number on the wire.
    if (number >>> 0 === number && (number !== 0 || 1 / number > 0)) {
      if (number < 2 ** 7) this.byte(number);
      else this.sized(wire.UINT_8, number);
    } else if (number >> 0 === number && number !== 0) this.#negative(number);
    else {
      this.byte(wire.FLOAT_64);
      this.#makeRoom(8);
      this.#view.setFloat64(this.#at, number);
      this.#at += 8;
      return false;
    }
    return true;
  }

  #negative(number: number): void {
    this.#makeRoom(5);
    const at = this.#at;
    if (number >= -(2 ** 5)) {
      this.#chunk[at] = number;
      this.#at = at + 1;
    } else if (number >= -(2 ** 7)) {
      this.#chunk[at] = wire.INT_8;
      this.#chunk[at + 1] = number;
      this.#at = at + 2;
    } else if (number >= -(2 ** 15)) {
      this.#chunk[at] = wire.INT_16;
      this.#view.setInt16(at + 1, number);
      this.#at = at + 3;
    } else {
      this.#chunk[at] = wire.INT_32;
      this.#view.setInt32(at + 1, number);
      this.#at = at + 5;
    }
  }

  /** A string. Returns its length in bytes, or -1 and writes nothing if it is not well-formed Unicode. */
  string(text: string): number {
    const { length } = text;
    if (length > LONGEST_LOOP) return this.#longString(text);
    this.#makeRoom(length + 1);
    const chunk = this.#chunk;
    let at = this.#at;
    chunk[at++] = wire.FIX_STRING + length;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 0x7f) return this.#longString(text);
      chunk[at++] = code;
    }
    this.#at = at;
    return length;
  }

  #longString(text: string): number {
    const { length } = text;
    if (length > LONGEST_ONCE) return this.#longestString(text);
    this.#assertRoom(length);
    this.#makeRoom(wire.MOST_HEAD_BYTES + MOST_BYTES_A_UNIT * length);
    const start = this.#at;
    const startOfText = start + wire.stringHeadBytes(length);
    const bytes = this.#chunk.write(text, startOfText);
    // What is not well-formed has more bytes than characters.
    if (bytes !== length && !text.isWellFormed()) return -1;
    // Of a text that is not all ASCII the length may need more room than was left for it.
    if (wire.stringHeadBytes(bytes) > startOfText - start)
      this.#chunk.copyWithin(start + wire.stringHeadBytes(bytes), startOfText, startOfText + bytes);
    this.#stringHead(bytes);
    this.#at += bytes;
    return bytes;
  }

  #longestString(text: string): number {
    if (!text.isWellFormed()) return -1;
    const bytes = Buffer.byteLength(text);
    this.#assertRoom(bytes);
    this.#makeRoom(wire.MOST_HEAD_BYTES + bytes);
    this.#stringHead(bytes);
    this.#at += this.#chunk.write(text, this.#at);
    return bytes;
  }

  #stringHead(bytes: number): void {
    if (bytes < 2 ** 5) this.byte(wire.FIX_STRING + bytes);
    else this.sized(wire.STRING_8, bytes);
  }

  /** What was last written, of so many bytes, in words of 4 bytes. */
  lastWords(bytes: number): readonly number[] {
    this.#makeRoom(WORD_BYTES);
    const from = this.#at - bytes;
    const words: number[] = [];
    for (let at = 0; at < bytes; at += WORD_BYTES) words.push(this.#view.getInt32(from + at));
    return words;
  }

  /** So many bytes, in words. What the last word has too much is there to be overwritten. */
  words(words: readonly number[], bytes: number): void {
    this.#makeRoom(bytes + WORD_BYTES);
    let at = this.#at;
    this.#at = at + bytes;
    for (let word = 0; word < words.length; word++) {
      this.#view.setInt32(at, words[word] as number);
      at += WORD_BYTES;
    }
  }

  #makeRoom(bytes: number): void {
    if (this.#chunkEnd - this.#at < bytes) this.#move(bytes);
  }

  #move(bytes: number): void {
    this.#assertRoom(0);
    const written = this.#chunk.subarray(this.#start, this.#at);
    this.#valueAt -= this.#start;
    this.#renew(Math.max(CHUNK_BYTES, 2 * (written.byteLength + bytes)));
    this.#chunk.set(written);
    this.#at = written.byteLength;
  }

  #renew(bytes: number): void {
    this.#chunk = Buffer.allocUnsafeSlow(bytes);
    this.#view = new DataView(this.#chunk.buffer);
    this.#chunkEnd = bytes;
    this.#start = 0;
  }

  #assertRoom(bytes: number): void {
    if (this.#at - this.#valueAt + bytes > this.#maxBytes) {
      throw new Refusal(`larger than ${this.#maxBytes} bytes (maxBytes)`);
    }
  }
}
