import type { EpochMs, Ms } from "../contracts/clock.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import type { Token } from "../contracts/stamp.ts";

/** The instants of a frame, in the remote tier's own time. */
export interface FrameInstants {
  readonly createdAt: EpochMs;
  readonly freshUntil: EpochMs;
  readonly expiresAt: EpochMs;
  readonly loadMs: Ms;
}

/** A tag that a value was made under. */
export interface FrameTag {
  /** Of at most 65,535 bytes of UTF-8. */
  readonly tag: string;
  /** Which incarnation of it. */
  readonly token: Token;
}

/** What has to be current for a frame to be believed. */
export interface FrameTokens {
  /** Of the namespace as a whole. */
  readonly generation: Token;
  /** At most 255; `undefined` for none. */
  readonly tags: readonly FrameTag[] | undefined;
}

/** What stands in a frame between the header and the payload, and decides with that where the payload begins. */
export interface FrameSections {
  /** Of 1 to 65,535 bytes of UTF-8, if there is one. */
  readonly etag: string | undefined;
  /** At most 255; `undefined` for none. */
  readonly tags: readonly FrameTag[] | undefined;
}

/** All that a frame says of its payload. */
export interface FrameHead extends FrameInstants, FrameTokens, FrameSections {
  readonly serializerId: number;
  readonly schemaVersion: number;
  readonly isUndefined: boolean;
  /** Which version of the value it is, a whole number from 0 to 2^53 - 1; only from format 2 on, and `undefined` for none. */
  readonly version?: number | undefined;
}

/** What a frame holds: the bytes that a remote tier has under a key. */
export interface FrameContent extends FrameHead {
  /** Since when the value is known to be out of date; `undefined` where it is not. Never written. */
  readonly invalidatedAt?: EpochMs | undefined;
  /** The encoded value; empty for `undefined`. A view of the frame where it was read from one. */
  readonly payload: Uint8Array;
}

/** A layout of frames. Of every format, the first three bytes are the magic C1 F5 and the format's number. */
export interface FrameFormat {
  /** How many bytes of a frame stand behind its payload. */
  readonly trailBytes: number;
  /** How many bytes of a frame stand in front of its payload. */
  headBytes(etag: string | undefined, tags: readonly Pick<FrameTag, "tag">[] | undefined): number;
  /** Makes a frame to lie under a key. */
  write(key: string, content: FrameContent): Uint8Array;
  /** Makes a frame of memory that has the payload in it, with room for just the head in front of it and the trail behind it. */
  writeHead(memory: Uint8Array, key: string, head: FrameHead): void;
  /** What is in bytes that begin as a frame of this format does, or why they are none. Never throws, whatever follows. */
  read(key: string, frame: Uint8Array): FrameContent | FrameRejection;
  /**
   * What is to stand at the beginning of a frame of this format to give it other instants: what stands there already, where
   * that is damaged or no value.
   */
  renewedHeader(frame: Uint8Array, instants: FrameInstants): Uint8Array;
}

/** Whether two frames belong to the very same incarnations of a namespace and of tags. */
export function areSameTokens({ generation, tags = [] }: FrameTokens, other: FrameTokens): boolean {
  const others = other.tags ?? [];
  if (generation !== other.generation || tags.length !== others.length) return false;
  return tags.every(({ tag, token }) => others.some((each) => each.tag === tag && each.token === token));
}
