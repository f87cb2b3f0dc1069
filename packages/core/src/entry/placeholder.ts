import { randomBytes } from "node:crypto";
import type { EpochMs } from "../contracts/clock.ts";
import { FRAME_IDENTITY } from "../contracts/fence.ts";

/*
 * A placeholder is a frame that holds no value and stands for one that somebody is about to bring: a header of 64 bytes
 * with the magic, the format, the state and the revision of a frame, and nothing else. Behind it may lie the frame that it was
 * put over, whole, for those whom a value that is out of date is better than none.
 */
const PLACEHOLDER_BYTES = 64;
const MAGIC = [0xc1, 0xf5, 1] as const;

/** Drawn once a process; with the count behind it no two placeholders ever have the same revision. */
const prefix = randomBytes(8);
let made = 0;

/** A placeholder with a revision of its own. */
export function newPlaceholder(): Uint8Array {
  return withoutValue(FRAME_IDENTITY.leased);
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

function withoutValue(state: number): Uint8Array {
  const frame = Buffer.alloc(PLACEHOLDER_BYTES);
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
