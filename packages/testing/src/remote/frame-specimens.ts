import { FRAME_IDENTITY, FRAME_VERSION } from "@tiercache/core";

const { stateAt, revisionFrom, revisionBytes, leased, value, tombstone: buried } = FRAME_IDENTITY;

const HEADER_BYTES = 64;

/** Bytes in which a careless comparison stumbles. */
const ODD_BYTES = [0, 13, 10, 255, 37, 92, 0, 127];

/** A revision: of another number, another one, which differs in its last byte alone. */
export function revision(number: number): Uint8Array {
  return Uint8Array.from({ length: revisionBytes }, (_, at) =>
    at === revisionBytes - 1 ? number : (ODD_BYTES[at % ODD_BYTES.length] as number),
  );
}

/** A placeholder with the revision of a number. */
export function placeholder(number: number): Uint8Array {
  return frameWith(leased, revision(number), new Uint8Array(0));
}

/** A tombstone with the revision of a number. */
export function tombstone(number: number): Uint8Array {
  return frameWith(buried, revision(number), new Uint8Array(0));
}

/** A frame that holds a value, with the revision of a number. */
export function valueFrame(number: number, body: string = `value ${number}`): Uint8Array {
  return frameWith(value, revision(number), new TextEncoder().encode(body));
}

/** A frame that tells a version, with the revision of a number. */
export function versionedFrame(number: number, version: bigint, state: number = value): Uint8Array {
  const trailer = Buffer.alloc(FRAME_VERSION.bytes);
  trailer.writeBigUInt64BE(version);
  const frame = new Uint8Array(Buffer.concat([frameWith(state, revision(number), new Uint8Array(0)), trailer]));
  frame[FRAME_VERSION.formatAt] = FRAME_VERSION.format;
  return frame;
}

/** A placeholder that a frame lies behind. */
export function placeholderOver(number: number, behind: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([placeholder(number), behind]));
}

/** The same frame in another state. */
export function inState(frame: Uint8Array, state: number): Uint8Array {
  return frame.with(stateAt, state);
}

function frameWith(state: number, ownRevision: Uint8Array, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + body.byteLength);
  frame.set([0xc1, 0xf5, 1, 0]);
  frame[stateAt] = state;
  frame.set(ownRevision, revisionFrom);
  frame.set(body, HEADER_BYTES);
  return frame;
}
