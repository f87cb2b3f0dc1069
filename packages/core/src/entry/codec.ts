import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import type { Serializer } from "../contracts/serializer.ts";
import type { Token } from "../contracts/stamp.ts";
import type { FrameContent, FrameFormat, FrameInstants, FrameTag, FrameTokens } from "./frame.ts";
import {
  DEFAULT_FRAME_FORMAT,
  frameFormat,
  readFrame,
  renewedHeader,
  VERSIONED_FRAME_FORMAT,
} from "./frame-formats.ts";
import { invalidatedLifespan, type Lifespan } from "./freshness.ts";
import { Payload } from "./payload.ts";

const NO_PAYLOAD = new Payload(new Uint8Array(0));
const BARE = { etag: undefined, stamps: undefined };

/** Where a frame lies, and how its time relates to ours. */
export interface FramePlace {
  readonly key: string;
  /** The tier's time minus the clock's at the same moment. */
  readonly shiftMs: Ms;
}

/** Where a frame is going to lie, and under what. */
export interface FrameBirth extends FramePlace {
  readonly generation: Token;
}

/** What was found in a frame. */
export interface Decoded {
  readonly value: unknown;
  /** The encoded value, where it lies in the frame. */
  readonly payload: Payload;
  readonly lifespan: Lifespan;
  readonly tokens: FrameTokens;
  /** The version of the namespace that wrote it. */
  readonly schemaVersion: number;
}

/** Turns the values of one namespace into frames and back. */
export class EntryCodec {
  readonly #serializer: Serializer;
  readonly #schemaVersion: number;
  readonly #format: FrameFormat;
  #versionOf: ((value: unknown) => number | undefined) | undefined;

  /** @param writes - The number of the format in which frames are written. Frames are read in any. */
  constructor(serializer: Serializer, schemaVersion: number, writes: number = DEFAULT_FRAME_FORMAT) {
    this.#serializer = serializer;
    this.#schemaVersion = schemaVersion;
    this.#format = frameFormat(writes);
  }

  /** The same, but the frames that it writes tell the versions of their values. */
  versioned(versionOf: (value: unknown) => number | undefined): EntryCodec {
    const codec = new EntryCodec(this.#serializer, this.#schemaVersion, VERSIONED_FRAME_FORMAT);
    codec.#versionOf = versionOf;
    return codec;
  }

  /**
   * The payload of a value, to be put into one frame for each tier.
   *
   * @param key - The key in the remote tiers.
   * @param entry - What is going to stand in front of it in the frame.
   * @throws What the serializer throws.
   */
  payloadOf(value: unknown, key: string, entry: Pick<Entry<unknown>, "etag" | "stamps"> = BARE): Payload {
    if (value === undefined) return NO_PAYLOAD;
    // In front of what something is to stand behind, nothing is left: that is copied in any case.
    if (this.#format.trailBytes > 0) return new Payload(this.#serializer.encode(value, key));
    const headroom = { bytes: this.#format.headBytes(entry.etag, entry.stamps), isLeft: false };
    const memory = this.#serializer.encode(value, key, headroom);
    return new Payload(memory, headroom.isLeft ? headroom.bytes : 0);
  }

  /** The frame of an entry whose payload is already encoded, and the tokens of whose tags are known. */
  frame(entry: Entry<unknown>, payload: Payload, { key, shiftMs, generation }: FrameBirth): Uint8Array {
    const { createdAt, freshUntil, expiresAt, loadMs } = instantsOf(entry, shiftMs);
    const tags = tagsOf(entry);
    const frame = payload.within(this.#format.headBytes(entry.etag, tags), this.#format.trailBytes);
    this.#format.writeHead(frame, key, {
      createdAt,
      freshUntil,
      expiresAt,
      loadMs,
      serializerId: this.#serializer.id,
      schemaVersion: this.#schemaVersion,
      isUndefined: entry.value === undefined,
      etag: entry.etag,
      generation,
      tags,
      version: this.#versionOf?.(entry.value),
    });
    return frame;
  }

  /** The header that gives a frame the instants of an entry. */
  renewedHeader(frame: Uint8Array, entry: Entry<unknown>, shiftMs: Ms): Uint8Array {
    return renewedHeader(frame, instantsOf(entry, shiftMs));
  }

  /** What is in the bytes found under a key, or why they hold no value. Never throws, whatever the bytes are. */
  decoded(bytes: Uint8Array, { key, shiftMs }: FramePlace): Decoded | FrameRejection {
    const content = readFrame(key, bytes);
    if (typeof content === "string") return content;
    // That there is no value has one shape in every version.
    if (content.schemaVersion > this.#schemaVersion && !content.isUndefined) return "newer-schema";
    if (content.serializerId !== this.#serializer.id) return "other-serializer";
    try {
      const value = content.isUndefined ? undefined : this.#serializer.decode(content.payload, key);
      const { schemaVersion } = content;
      return {
        value,
        payload: new Payload(content.payload),
        lifespan: lifespanOf(content, shiftMs),
        tokens: content,
        schemaVersion,
      };
    } catch {
      return "undecodable";
    }
  }
}

function tagsOf({ stamps }: Entry<unknown>): readonly FrameTag[] | undefined {
  return stamps?.map(({ tag, token }) => {
    if (token === undefined) throw new RangeError("A tag's token is unknown");
    return { tag, token };
  });
}

function instantsOf({ createdAt, freshUntil, expiresAt, loadMs }: Entry<unknown>, shiftMs: Ms): FrameInstants {
  return {
    createdAt: createdAt + shiftMs,
    freshUntil: freshUntil + shiftMs,
    expiresAt: expiresAt + shiftMs,
    loadMs,
  };
}

function lifespanOf(content: FrameContent, shiftMs: Ms): Lifespan {
  const { createdAt, freshUntil, expiresAt, loadMs, etag, invalidatedAt } = content;
  const lifespan = {
    createdAt: createdAt - shiftMs,
    freshUntil: freshUntil - shiftMs,
    expiresAt: expiresAt - shiftMs,
    loadMs,
    etag,
  };
  return invalidatedAt === undefined ? lifespan : invalidatedLifespan(lifespan, invalidatedAt - shiftMs);
}
