import type { EpochMs, Ms } from "../contracts/clock.ts";
import type { FrameRejection } from "../contracts/observer.ts";

/** The instants of a frame, in the remote tier's own time. */
export interface FrameInstants {
  readonly createdAt: EpochMs;
  readonly freshUntil: EpochMs;
  readonly expiresAt: EpochMs;
  readonly loadMs: Ms;
}

/** What a frame holds: the bytes that a remote tier has under a key. */
export interface FrameContent extends FrameInstants {
  readonly serializerId: number;
  readonly schemaVersion: number;
  readonly isUndefined: boolean;
  /** Of 1 to 65,535 bytes of UTF-8, if there is one. */
  readonly etag: string | undefined;
  /** Since when the value is known to be out of date; `undefined` where it is not. Never written. */
  readonly invalidatedAt?: EpochMs | undefined;
  /** The encoded value; empty for `undefined`. A view of the frame where it was read from one. */
  readonly payload: Uint8Array;
}

/** A layout of frames. Of every format, the first three bytes are the magic C1 F5 and the format's number. */
export interface FrameFormat {
  /** Makes a frame to lie under a key. */
  write(key: string, content: FrameContent): Uint8Array;
  /** What is in bytes that begin as a frame of this format does, or why they are none. Never throws, whatever follows. */
  read(key: string, frame: Uint8Array): FrameContent | FrameRejection;
  /**
   * What is to stand at the beginning of a frame of this format to give it other instants: what stands there already, where
   * that is damaged or no value.
   */
  renewedHeader(frame: Uint8Array, instants: FrameInstants): Uint8Array;
}
