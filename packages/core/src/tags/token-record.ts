import { randomBytes } from "node:crypto";
import type { EpochMs } from "../contracts/clock.ts";
import { FRAME_IDENTITY } from "../contracts/fence.ts";
import type { Token } from "../contracts/stamp.ts";

/*
 * What lies under the key of a token: as much of a frame as a fence looks at, so that a token can be taken, replaced and removed
 * as a frame can. Its state is that of a placeholder which somebody waits for: everybody who knows a token wants to hear
 * of its end, so replacing it is announced.
 *
 *    0  3  magic and format of a frame, C1 F5 01
 *    3  1  0
 *    4  1  state, "W"
 *    5  3  0
 *    8 16  revision: the 8 bytes of the token, then 8 of 0
 *   24  8  until when it is kept, a double: ms since 1970 in the tier's own time
 *   32     up to the end, for each former token: its 8 bytes, and 8 for a double, the instant at which it was invalidated
 */
const HEADER_BYTES = 32;
const FORMER_BYTES = 16;
const EXPIRES_AT = 24;
const MAGIC = 0xc1f5_0100;

/** The most former tokens that are remembered: what was made under an earlier one is as good as deleted. */
export const MAX_FORMER = 4;

/** A token that was invalidated. */
export interface FormerToken {
  readonly token: Token;
  readonly endedAt: EpochMs;
}

/** What a tier knows of a tag. */
export interface TokenRecord {
  readonly token: Token;
  /** In the tier's own time. */
  readonly expiresAt: EpochMs;
  /** Invalidated, not deleted; the latest first. */
  readonly former: readonly FormerToken[];
}

/** A token that nobody has had before. */
export function newToken(): Token {
  return randomBytes(8).readBigUInt64BE();
}

/** A record as bytes. */
export function recordBytes({ token, expiresAt, former }: TokenRecord): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES + FORMER_BYTES * former.length);
  bytes.writeUInt32BE(MAGIC, 0);
  bytes.writeUInt8(FRAME_IDENTITY.awaited, FRAME_IDENTITY.stateAt);
  bytes.set(tokenRevision(token), FRAME_IDENTITY.revisionFrom);
  bytes.writeDoubleBE(expiresAt, EXPIRES_AT);
  for (const [index, each] of former.entries()) {
    const at = bytes.writeBigUInt64BE(each.token, HEADER_BYTES + FORMER_BYTES * index);
    bytes.writeDoubleBE(each.endedAt, at);
  }
  return bytes;
}

/** The part of a record that is replaced to keep it for longer. */
export function recordHeader(token: Token, expiresAt: EpochMs): Uint8Array {
  return recordBytes({ token, expiresAt, former: [] });
}

/** The revision by which a fence knows a record. */
export function tokenRevision(token: Token): Uint8Array {
  const revision = Buffer.alloc(FRAME_IDENTITY.revisionBytes);
  revision.writeBigUInt64BE(token);
  return revision;
}

/** The record in the bytes found under a token's key; `undefined` where they are none. Never throws. */
export function readRecord(found: Uint8Array): TokenRecord | undefined {
  // A tier may break its promise, and its answer be anything.
  if (!(found instanceof Uint8Array) || found.byteLength < HEADER_BYTES) return undefined;
  const bytes = Buffer.from(found.buffer, found.byteOffset, found.byteLength);
  const isWhole = (bytes.byteLength - HEADER_BYTES) % FORMER_BYTES === 0;
  if (bytes.readUInt32BE(0) !== MAGIC || bytes[FRAME_IDENTITY.stateAt] !== FRAME_IDENTITY.awaited || !isWhole) {
    return undefined;
  }
  const former: FormerToken[] = [];
  for (let at = HEADER_BYTES; at < bytes.byteLength; at += FORMER_BYTES) {
    const endedAt = bytes.readDoubleBE(at + 8);
    // An end that lies nowhere would allow answers for ever.
    if (Number.isFinite(endedAt)) former.push({ token: bytes.readBigUInt64BE(at), endedAt });
  }
  const expiresAt = bytes.readDoubleBE(EXPIRES_AT);
  return { token: bytes.readBigUInt64BE(FRAME_IDENTITY.revisionFrom), expiresAt, former };
}
