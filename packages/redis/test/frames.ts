import { randomBytes } from "node:crypto";
import { FRAME_IDENTITY } from "@tiercache/core";

const { stateAt, revisionFrom, revisionBytes, leased } = FRAME_IDENTITY;

/** The state of a frame that holds a value. */
export const FRESH = 0x46;

/** Every byte there is, so that none means anything to the wire or to a script. */
export const EVERY_BYTE: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** What a fence looks at in a frame, and some bytes behind it. */
export function frameOf(as: Uint8Array, state: number = FRESH, body: Uint8Array = EVERY_BYTE): Buffer {
  const frame = Buffer.alloc(64 + body.byteLength, 0xee);
  frame[stateAt] = state;
  frame.set(as, revisionFrom);
  frame.set(body, 64);
  return frame;
}

export function placeholderOf(as: Uint8Array): Buffer {
  return frameOf(as, leased, new Uint8Array(0));
}

export function revision(): Buffer {
  return randomBytes(revisionBytes);
}
