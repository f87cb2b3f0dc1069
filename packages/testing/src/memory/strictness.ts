import { CacheError, FRAME_IDENTITY, type Ms } from "@tiercache/core";

/*
 * What a memory server refuses: calls that break the contract, which no real tier has to bear.
 */

/** @throws `TIER_FAILED` for what is not a string of well-formed Unicode. */
export function checkedText(what: string, text: string): string {
  if (typeof text !== "string") throw refusal(`${what} is a ${typeof text}`);
  if (!text.isWellFormed()) throw refusal(`${what} is not well-formed Unicode`);
  return text;
}

/** @throws `TIER_FAILED` for a life that is not above 0, or not finite where it must be. */
export function checkedLife(what: string, lifeMs: Ms, longest: Ms = Number.POSITIVE_INFINITY): Ms {
  if (!(lifeMs > 0 && lifeMs <= longest)) throw refusal(`${what} is ${lifeMs}`);
  return lifeMs;
}

/** @throws `TIER_FAILED` for what is too short to be a frame. */
export function checkedFrame(what: string, frame: Uint8Array): Uint8Array {
  const { revisionFrom, revisionBytes } = FRAME_IDENTITY;
  if (frame.byteLength < revisionFrom + revisionBytes) throw refusal(`${what} has ${frame.byteLength} bytes`);
  return frame;
}

/** @throws `TIER_FAILED` for what has not the length of a revision. */
export function checkedRevision(expected: Uint8Array): Uint8Array {
  if (expected.byteLength === FRAME_IDENTITY.revisionBytes) return expected;
  throw refusal(`An expected revision has ${expected.byteLength} bytes`);
}

/** The error of a call that breaks the contract. */
export function refusal(breach: string): CacheError {
  return new CacheError("TIER_FAILED", `${breach}.`);
}
