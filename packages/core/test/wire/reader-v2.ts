/*
 * A reader of format 2 that was written from docs/wire-format.md alone and shares no code with the library. What the page says to be as
 * in format 1 is left to the reader of that. It stands for every program out there that reads this format, older releases of
 * our own included: it is not to be changed.
 */
import { checksOf, type Frame as FirstFrame, readFrame as readFirst } from "./reader-v1.ts";

/** What the page says of a frame, up to where a serializer takes over. */
export interface Frame extends FirstFrame {
  readonly version: number | undefined;
}

const VERSION_BYTES = 8;

/** What is in the bytes found under a key, or the reason why they are refused. */
export function readFrame(key: string, bytes: Uint8Array): Frame | string {
  if (bytes[0] !== 0xc1 || bytes[1] !== 0xf5 || bytes.length < 3) return "not-a-frame";
  if (bytes[2] !== 2) return (bytes[2] ?? 0) > 2 ? "newer-format" : "unknown-format";
  if (bytes.length < 64) return "bad-length";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { header, body } = checksOf(key, bytes);
  if (view.getUint32(60) !== header) return "bad-checksum";
  if (view.getUint8(4) !== 0x46 || view.getUint8(5) >= 8) return "unknown-format";
  if (64 + view.getUint32(52) !== bytes.length || bytes.length < 64 + VERSION_BYTES) return "bad-length";
  if (view.getUint32(56) !== body) return "bad-checksum";
  const found = readFirst(key, asFirst(key, bytes));
  if (typeof found === "string") return found;
  const version = view.getBigUint64(bytes.length - VERSION_BYTES);
  return { ...found, version: version === 0n || version > 2n ** 53n ? undefined : Number(version - 1n) };
}

/** The same in format 1: without the version, and with checks that fit. */
function asFirst(key: string, bytes: Uint8Array): Uint8Array {
  const first = new Uint8Array(bytes.subarray(0, bytes.length - VERSION_BYTES));
  const view = new DataView(first.buffer);
  view.setUint8(2, 1);
  view.setUint32(52, first.length - 64);
  view.setUint32(56, checksOf(key, first).body);
  view.setUint32(60, checksOf(key, first).header);
  return first;
}
