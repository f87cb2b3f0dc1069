import { randomBytes } from "node:crypto";
import type { EpochMs } from "../contracts/clock.ts";
import { FRAME_IDENTITY, FRAME_VERSION } from "../contracts/fence.ts";

/*
 * A placeholder is a frame that holds no value and stands for one that somebody is about to bring: a header of 64 bytes
 * with the magic, the format, the state and the revision of a frame, and nothing else. Behind it may lie the frame that it was
 * put over, whole, for those whom a value that is out of date is better than none; then bytes 24 to 31 are a double, until when the
 * lease lasts, as the key outlives it. A minimum has there until when it is of use, and ends with its version.
 */
const PLACEHOLDER_BYTES = 64;
const UNTIL_AT = 24;
const MINIMUM_BYTES = PLACEHOLDER_BYTES + FRAME_VERSION.bytes;
const MAGIC = [0xc1, 0xf5, 1] as const;

/** Drawn once a process; with the count behind it no two placeholders ever have the same revision. */
const prefix = randomBytes(8);
let made = 0;

/**
 * A placeholder with a revision of its own.
 *
 * @param until - For one that a frame is going to lie behind: when its lease ends, in the tier's time.
 */
export function newPlaceholder(until?: EpochMs): Uint8Array {
  const placeholder = withoutValue(FRAME_IDENTITY.leased);
  if (until !== undefined) placeholder.writeDoubleBE(until, UNTIL_AT);
  return placeholder;
}

/** Which version the next value of a key must have at least, and until when that is of use. */
export interface Minimum {
  readonly version: number;
  /** In the tier's own time. */
  readonly expiresAt: EpochMs;
}

/** A minimum as a frame. */
export function newMinimum({ version, expiresAt }: Minimum): Uint8Array {
  const frame = Buffer.concat([withoutValue(FRAME_IDENTITY.minimum), versionBytes(version)]);
  frame[FRAME_VERSION.formatAt] = FRAME_VERSION.format;
  frame.writeDoubleBE(expiresAt, UNTIL_AT);
  return frame;
}

/** The minimum in the bytes found under a key; `undefined` where they are none. */
export function minimumIn(frame: Uint8Array): Minimum | undefined {
  if (stateWithoutValue(frame) !== FRAME_IDENTITY.minimum || frame.byteLength !== MINIMUM_BYTES) return undefined;
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  const [version, expiresAt] = [versionIn(frame), bytes.readDoubleBE(UNTIL_AT)];
  return version === undefined || !Number.isFinite(expiresAt) ? undefined : { version, expiresAt };
}

/** A version, or that there is none, as frames end with it: one higher, so that 0 stands for none. */
export function versionBytes(version: number | undefined): Buffer {
  const bytes = Buffer.alloc(FRAME_VERSION.bytes);
  if (version !== undefined) bytes.writeBigUInt64BE(BigInt(version) + 1n);
  return bytes;
}

/** The version that a frame ends with. */
export function versionIn(frame: Uint8Array): number | undefined {
  const at = frame.byteLength - FRAME_VERSION.bytes;
  const version = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).readBigUInt64BE(at);
  return version === 0n || version > BigInt(Number.MAX_SAFE_INTEGER) + 1n ? undefined : Number(version - 1n);
}

/** A tombstone, which differs from a placeholder in that nothing may take its place. */
export function newTombstone(): Uint8Array {
  return withoutValue(FRAME_IDENTITY.tombstone);
}

/** The revision of a value that is out of date since an instant. */
export function outdatedRevision(since: EpochMs): Uint8Array {
  const revision = Buffer.alloc(FRAME_IDENTITY.revisionBytes);
  revision.writeDoubleBE(since);
  revision.set(randomBytes(revision.byteLength - 8), 8);
  return revision;
}

function withoutValue(state: number): Buffer {
  // Of the memory that small buffers share: one of its own takes ten times as long, and each miss makes one.
  const frame = Buffer.allocUnsafe(PLACEHOLDER_BYTES).fill(0);
  frame.set(MAGIC);
  frame[FRAME_IDENTITY.stateAt] = state;
  frame.set(prefix, FRAME_IDENTITY.revisionFrom);
  made++;
  frame.writeUIntBE(made, FRAME_IDENTITY.revisionFrom + prefix.byteLength + 2, 6);
  return frame;
}

/** Whether bytes are a placeholder, of any process. */
export function isPlaceholder(frame: Uint8Array): boolean {
  const state = stateWithoutValue(frame);
  return state === FRAME_IDENTITY.leased || state === FRAME_IDENTITY.awaited;
}

/** When the lease of a placeholder ends that a frame lies behind, in the tier's time. */
export function leaseEnd(placeholder: Uint8Array): EpochMs {
  return Buffer.from(placeholder.buffer, placeholder.byteOffset, placeholder.byteLength).readDoubleBE(UNTIL_AT);
}

/** The frame that a placeholder was put over, if it is still of use. */
export function frameBehind(placeholder: Uint8Array): Uint8Array | undefined {
  return placeholder.byteLength > PLACEHOLDER_BYTES ? placeholder.subarray(PLACEHOLDER_BYTES) : undefined;
}

/** Whether bytes are a tombstone, of any process. */
export function isTombstone(frame: Uint8Array): boolean {
  return stateWithoutValue(frame) === FRAME_IDENTITY.tombstone && frame.byteLength === PLACEHOLDER_BYTES;
}

function stateWithoutValue(frame: Uint8Array): number | undefined {
  // A tier may break its promise, and its answer be anything.
  if (!(frame instanceof Uint8Array) || frame.byteLength < PLACEHOLDER_BYTES) return undefined;
  return frame[0] === MAGIC[0] && frame[1] === MAGIC[1] ? frame[FRAME_IDENTITY.stateAt] : undefined;
}

/** The revision of whatever bytes lie under a key; `undefined` where they are too short to have one. */
export function revisionOf(frame: Uint8Array): Uint8Array | undefined {
  if (!(frame instanceof Uint8Array)) return undefined;
  const { revisionFrom, revisionBytes } = FRAME_IDENTITY;
  const revision = frame.subarray(revisionFrom, revisionFrom + revisionBytes);
  return revision.byteLength === revisionBytes ? revision : undefined;
}
