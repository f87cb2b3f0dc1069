import { Buffer } from "node:buffer";
import { isSame, StringTable } from "./string-table.ts";

const NO_BYTES = Buffer.alloc(0);

/** 8 bytes to be read as a bigint, for which a Buffer would make three more. */
const word = new DataView(new ArrayBuffer(8));

/** Reads the bytes of one value after another. Whatever is asked for, it never reads beyond them. */
export class ByteReader {
  readonly #strings = new StringTable();
  #source: Buffer = NO_BYTES;
  #end = 0;
  #at = 0;

  begin(bytes: Uint8Array): void {
    this.#source = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.byteLength;
    this.#at = 0;
  }

  /** Lets go of the bytes. */
  end(): void {
    this.#source = NO_BYTES;
    this.#end = 0;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#end - this.#at;
  }

  /**
   * Passes over bytes and returns where they start.
   *
   * @throws `RangeError` when there are fewer.
   */
  #pass(length: number): number {
    const start = this.#at;
    if (length > this.#end - start) throw new RangeError("Cut off");
    this.#at = start + length;
    return start;
  }

  /** Passes over two bytes if they come next. Returns whether they did. */
  passIf([first, second]: readonly [number, number]): boolean {
    const come = this.#source[this.#at] === first && this.#source[this.#at + 1] === second;
    if (come) this.#at += 2;
    return come;
  }

  byte(): number {
    return this.#source[this.#pass(1)] as number;
  }

  uint16(): number {
    return this.#source.readUInt16BE(this.#pass(2));
  }

  uint32(): number {
    return this.#source.readUInt32BE(this.#pass(4));
  }

  int8(): number {
    return this.#source.readInt8(this.#pass(1));
  }

  int16(): number {
    return this.#source.readInt16BE(this.#pass(2));
  }

  int32(): number {
    return this.#source.readInt32BE(this.#pass(4));
  }

  bigInt64(): bigint {
    return this.#word().getBigInt64(0);
  }

  bigUint64(): bigint {
    return this.#word().getBigUint64(0);
  }

  #word(): DataView {
    word.setUint32(0, this.uint32());
    word.setUint32(4, this.uint32());
    return word;
  }

  float32(): number {
    return this.#source.readFloatBE(this.#pass(4));
  }

  float64(): number {
    return this.#source.readDoubleBE(this.#pass(8));
  }

  string(length: number): string {
    const start = this.#pass(length);
    return this.#strings.at(this.#source, start, start + length);
  }

  /** A string that is likely to be an expected one, which is of ASCII. */
  key(length: number, expected: string | undefined): string {
    const start = this.#pass(length);
    if (expected?.length === length && isSame(expected, this.#source, start)) return expected;
    return this.#strings.at(this.#source, start, start + length);
  }

  /** Bytes in memory of their own, which starts and ends with them. */
  copy(length: number): ArrayBuffer {
    const start = this.#pass(length);
    const { buffer, byteOffset } = this.#source;
    // Copying a view is the one way to make memory that is not filled with zeros first.
    return new Uint8Array(new Uint8Array(buffer, byteOffset + start, length)).buffer;
  }
}
