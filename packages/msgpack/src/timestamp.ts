import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { EXT_8, FIX_EXT_1, FIX_EXT_4, FIX_EXT_8, TYPE_DATE } from "./wire-format.ts";

/*
 * A date as MessagePack's timestamp, the shortest of three: whole seconds of 32 bits; nanoseconds of 30 bits and seconds of
 * 34; nanoseconds of 32 and seconds of 64.
 */
const INVALID = 0xff;
const LONGEST_BYTES = 12;

const NS_PER_MS = 1_000_000;
const WORD = 2 ** 32;

export function writeTimestamp(writer: ByteWriter, date: Date): void {
  const epochMs = date.getTime();
  const seconds = Math.floor(epochMs / 1_000);
  const ns = (epochMs - seconds * 1_000) * NS_PER_MS;
  if (Number.isNaN(epochMs)) {
    writer.ext(FIX_EXT_1, TYPE_DATE);
    writer.byte(INVALID);
  } else if (ns === 0 && seconds >= 0 && seconds < WORD) {
    writer.ext(FIX_EXT_4, TYPE_DATE);
    writer.uint32(seconds);
  } else if (seconds >= 0 && seconds < 4 * WORD) {
    writer.ext(FIX_EXT_8, TYPE_DATE);
    writer.uint32(ns * 4 + Math.floor(seconds / WORD));
    writer.uint32(seconds % WORD);
  } else {
    writer.byte(EXT_8);
    writer.ext(LONGEST_BYTES, TYPE_DATE);
    writer.uint32(ns);
    // Two's complement: the upper half of a negative number is rounded down, and its lower half is what remains.
    writer.uint32(Math.floor(seconds / WORD) >>> 0);
    writer.uint32(seconds >>> 0);
  }
}

/**
 * The date in a timestamp of so many bytes.
 *
 * @throws `RangeError` when none has so many.
 */
export function readTimestamp(reader: ByteReader, length: number): Date {
  if (length === 1 && reader.byte() === INVALID) return new Date(Number.NaN);
  if (length === 4) return dateOf(reader.uint32(), 0);
  if (length === 8) {
    const first = reader.uint32();
    return dateOf((first % 4) * WORD + reader.uint32(), Math.floor(first / 4));
  }
  if (length !== LONGEST_BYTES) throw new RangeError("No such timestamp");
  const ns = reader.uint32();
  return dateOf(reader.int32() * WORD + reader.uint32(), ns);
}

function dateOf(seconds: number, ns: number): Date {
  return new Date(seconds * 1_000 + Math.floor(ns / NS_PER_MS));
}
