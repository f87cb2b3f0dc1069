import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import type { EpochMs, Ms } from "../contracts/clock.ts";
import type { FrameRejection } from "../contracts/observer.ts";

/*
 * A frame is what a remote tier holds under a key: a header of 64 bytes, then the body. Numbers are big-endian. The page
 * docs/wire-format.md says the same byte by byte, for those who write other readers.
 *
 *    0  2  magic C1 F5: no MessagePack, no UTF-8 and no JSON begins so, which tells foreign bytes apart
 *    2  1  format, now 1
 *    3  1  id of the serializer that made the payload
 *    4  1  state: "F" for a value
 *    5  1  flags: bit 0, the value is `undefined`; bit 1, an etag stands before the payload; the others are 0
 *    6  2  version of the namespace's schema
 *    8 16  revision: no two frames ever written have the same
 *   24  8  createdAt, a double: ms since 1970 in the remote tier's own time
 *   32  8  freshUntil, likewise; Infinity for never
 *   40  8  expiresAt, likewise
 *   48  4  loadMs, rounded
 *   52  4  length of the body, which ends the frame
 *   56  4  CRC-32 of the key's UTF-8 bytes and the body
 *   60  4  check of the header: FNV-1a over its 32-bit words without the state, the revision and itself
 *   64     the etag, if there is one: a length of 2 bytes and as many of UTF-8; then the payload
 */
const MAGIC = 0xc1f5;
const FORMAT = 1;
const STATE_VALUE = 0x46;
const FLAG_UNDEFINED = 1;
const FLAG_ETAG = 2;
const ALL_FLAGS = FLAG_UNDEFINED | FLAG_ETAG;

/** How many bytes of a frame come before its body. */
export const HEADER_BYTES = 64;

const ETAG_LENGTH_BYTES = 2;
const LONGEST_LOAD_MS = 2 ** 32 - 1;

/** The instants of a frame, in the remote tier's own time. */
export interface FrameInstants {
  readonly createdAt: EpochMs;
  readonly freshUntil: EpochMs;
  readonly expiresAt: EpochMs;
  readonly loadMs: Ms;
}

/** What a frame holds. */
export interface FrameContent extends FrameInstants {
  readonly serializerId: number;
  readonly schemaVersion: number;
  readonly isUndefined: boolean;
  readonly etag: string | undefined;
  /** The encoded value; empty for `undefined`. */
  readonly payload: Uint8Array;
}

/** Drawn once a process; with the count behind it no revision is ever used twice. */
const revisionPrefix = randomBytes(8);
let revisions = 0;

/** Makes a frame to lie under a key. */
export function writeFrame(key: string, content: FrameContent): Uint8Array {
  const { etag, payload } = content;
  const etagBytes = etag === undefined ? 0 : ETAG_LENGTH_BYTES + Buffer.byteLength(etag);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + etagBytes + payload.byteLength);
  frame.writeUInt16BE(MAGIC, 0);
  frame[2] = FORMAT;
  frame[3] = content.serializerId;
  frame[4] = STATE_VALUE;
  frame[5] = (content.isUndefined ? FLAG_UNDEFINED : 0) | (etag === undefined ? 0 : FLAG_ETAG);
  frame.writeUInt16BE(content.schemaVersion, 6);
  if (etag !== undefined) {
    frame.writeUInt16BE(etagBytes - ETAG_LENGTH_BYTES, HEADER_BYTES);
    frame.write(etag, HEADER_BYTES + ETAG_LENGTH_BYTES);
  }
  frame.set(payload, HEADER_BYTES + etagBytes);
  frame.writeUInt32BE(frame.byteLength - HEADER_BYTES, 52);
  frame.writeUInt32BE(bodyCheck(key, frame), 56);
  writeInstants(frame, content);
  return frame;
}

/** The header that prolongs a frame: the one it has, with other instants and a revision of its own. */
export function renewedHeader(frame: Uint8Array, instants: FrameInstants): Uint8Array {
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.set(frame.subarray(0, HEADER_BYTES));
  writeInstants(header, instants);
  return header;
}

/** What is in the bytes found under a key, or why they are no frame. Never throws, whatever the bytes are. */
export function readFrame(key: string, bytes: Uint8Array): FrameContent | FrameRejection {
  // A tier may break its promise, and its answer be anything.
  if (!(bytes instanceof Uint8Array) || bytes.byteLength < HEADER_BYTES) return "not-a-frame";
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (frame.readUInt16BE(0) !== MAGIC) return "not-a-frame";
  const format = frame[2] as number;
  if (format !== FORMAT) return format > FORMAT ? "newer-format" : "unknown-format";
  if (frame.readUInt32BE(60) !== headerCheck(frame)) return "bad-checksum";
  const flags = frame[5] as number;
  if (frame[4] !== STATE_VALUE || flags > ALL_FLAGS) return "unknown-format";
  if (frame.readUInt32BE(52) !== frame.byteLength - HEADER_BYTES) return "bad-length";
  if (frame.readUInt32BE(56) !== bodyCheck(key, frame)) return "bad-checksum";
  return contentOf(frame, flags);
}

function contentOf(frame: Buffer, flags: number): FrameContent | FrameRejection {
  const isUndefined = (flags & FLAG_UNDEFINED) !== 0;
  const createdAt = frame.readDoubleBE(24);
  const freshUntil = frame.readDoubleBE(32);
  const expiresAt = frame.readDoubleBE(40);
  // NaN fails every comparison.
  if (!(Number.isFinite(createdAt) && createdAt <= freshUntil && freshUntil <= expiresAt)) return "bad-instants";
  let etag: string | undefined;
  let payloadAt = HEADER_BYTES;
  if ((flags & FLAG_ETAG) !== 0) {
    if (frame.byteLength < HEADER_BYTES + ETAG_LENGTH_BYTES) return "bad-length";
    payloadAt = HEADER_BYTES + ETAG_LENGTH_BYTES + frame.readUInt16BE(HEADER_BYTES);
    if (frame.byteLength < payloadAt) return "bad-length";
    etag = frame.toString("utf8", HEADER_BYTES + ETAG_LENGTH_BYTES, payloadAt);
  }
  if (isUndefined && frame.byteLength > payloadAt) return "bad-length";
  return {
    createdAt,
    freshUntil,
    expiresAt,
    loadMs: frame.readUInt32BE(48),
    serializerId: frame[3] as number,
    schemaVersion: frame.readUInt16BE(6),
    isUndefined,
    etag,
    payload: frame.subarray(payloadAt),
  };
}

/** Whatever changes with each write of a header; the check comes last. */
function writeInstants(header: Buffer, { createdAt, freshUntil, expiresAt, loadMs }: FrameInstants): void {
  revisionPrefix.copy(header, 8);
  revisions++;
  header.writeUInt32BE(Math.floor(revisions / 2 ** 32), 16);
  header.writeUInt32BE(revisions % 2 ** 32, 20);
  header.writeDoubleBE(createdAt, 24);
  header.writeDoubleBE(freshUntil, 32);
  header.writeDoubleBE(expiresAt, 40);
  header.writeUInt32BE(Math.min(Math.round(loadMs), LONGEST_LOAD_MS), 48);
  header.writeUInt32BE(headerCheck(header), 60);
}

/** Bound to the key, so that a frame which was copied under another one is refused. */
function bodyCheck(key: string, frame: Buffer): number {
  return crc32(frame.subarray(HEADER_BYTES), crc32(key));
}

/**
 * FNV-1a over words instead of bytes. The state and the revision are left out, as they may be changed in place. A change
 * of any one word is always noticed.
 */
function headerCheck(header: Buffer): number {
  let check = mixed(0x811c_9dc5, header.readUInt32BE(0));
  check = mixed(check, header.readUInt32BE(4) & 0x00ff_ffff);
  for (let at = 24; at < 60; at += 4) check = mixed(check, header.readUInt32BE(at));
  return check >>> 0;
}

function mixed(check: number, word: number): number {
  return Math.imul(check ^ word, 0x0100_0193);
}
