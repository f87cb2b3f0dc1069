import type { Ms } from "../contracts/clock.ts";
import type { Entry } from "../contracts/entry.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import type { Serializer } from "../contracts/serializer.ts";
import { entryOver, type Lifespan } from "./freshness.ts";
import type { EntryRules } from "./rules.ts";

/*
 * A frame is what a remote tier holds under a key: a header of 40 bytes, then the payload. Numbers are big-endian.
 *
 *    0  2  magic C1 F5: no MessagePack, no UTF-8 and no JSON begins so, which tells foreign bytes apart
 *    2  1  format, now 1
 *    3  1  id of the serializer that made the payload
 *    4  1  flags: bit 0, the value is `undefined` and the payload empty; the others are 0
 *    5  3  0
 *    8  8  createdAt, a double: ms since 1970 in the remote tier's own time
 *   16  8  freshUntil, likewise; Infinity for never
 *   24  8  expiresAt, likewise
 *   32  4  loadMs, rounded
 *   36  4  length of the payload, which ends the frame
 */
const MAGIC = 0xc1f5;
const FORMAT = 1;
const HEADER_BYTES = 40;
const FLAG_UNDEFINED = 1;

const LONGEST_LOAD_MS = 2 ** 32 - 1;

const NO_PAYLOAD = new Uint8Array(0);

/** Where a frame was found. */
export interface FramePlace {
  readonly key: string;
  /** The tier's time minus the clock's. */
  readonly shiftMs: Ms;
}

/**
 * Turns entries into frames and back. Instants are shifted between this process's clock and the remote tier's time by
 * `shiftMs`, which is the tier's time minus the clock's at the same moment.
 */
export class EntryCodec {
  readonly #serializer: Serializer;

  constructor(serializer: Serializer) {
    this.#serializer = serializer;
  }

  /**
   * The payload of a value, to be put into one frame for each tier.
   *
   * @param key - The key in the remote tiers.
   * @throws What the serializer throws.
   */
  payloadOf(value: unknown, key: string): Uint8Array {
    return value === undefined ? NO_PAYLOAD : this.#serializer.encode(value, key);
  }

  /** The frame of an entry whose payload is already encoded. */
  frame(entry: Entry<unknown>, payload: Uint8Array, shiftMs: Ms): Uint8Array {
    const frame = Buffer.allocUnsafe(HEADER_BYTES + payload.byteLength);
    frame.writeUInt16BE(MAGIC, 0);
    frame[2] = FORMAT;
    frame[3] = this.#serializer.id;
    frame.writeUInt32BE(entry.value === undefined ? FLAG_UNDEFINED << 24 : 0, 4);
    frame.writeDoubleBE(entry.createdAt + shiftMs, 8);
    frame.writeDoubleBE(entry.freshUntil + shiftMs, 16);
    frame.writeDoubleBE(entry.expiresAt + shiftMs, 24);
    frame.writeUInt32BE(Math.min(Math.round(entry.loadMs), LONGEST_LOAD_MS), 32);
    frame.writeUInt32BE(payload.byteLength, 36);
    frame.set(payload, HEADER_BYTES);
    return frame;
  }

  /**
   * The entry in a frame, under the rules of whoever reads it, or why the bytes hold none. Never throws, whatever the
   * bytes are.
   */
  entryIn<V>(bytes: Uint8Array, { key, shiftMs }: FramePlace, rules: EntryRules): Entry<V> | FrameRejection {
    // A tier may break its promise too, and its answer be anything.
    if (!(bytes instanceof Uint8Array) || bytes.byteLength < HEADER_BYTES) return "not-a-frame";
    const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
    if (header.getUint16(0) !== MAGIC) return "not-a-frame";
    const flags = header.getUint32(4) >>> 24;
    if (bytes[2] !== FORMAT || header.getUint32(4) !== flags << 24 || flags > FLAG_UNDEFINED) return "unknown-format";
    if (bytes[3] !== this.#serializer.id) return "unknown-codec";
    const payload = bytes.subarray(HEADER_BYTES);
    if (header.getUint32(36) !== payload.byteLength) return "bad-length";
    const lifespan = lifespanIn(header, shiftMs);
    if (lifespan === undefined) return "bad-instants";
    if (flags === FLAG_UNDEFINED && payload.byteLength > 0) return "bad-length";
    try {
      const value = flags === FLAG_UNDEFINED ? undefined : this.#serializer.decode(payload, key);
      return entryOver(value as V, lifespan, rules);
    } catch {
      return "undecodable";
    }
  }

  /** The payload of a frame that {@link entryIn} has accepted, as a view of it. */
  payloadIn(frame: Uint8Array): Uint8Array {
    return frame.subarray(HEADER_BYTES);
  }
}

function lifespanIn(header: DataView, shiftMs: Ms): Lifespan | undefined {
  const createdAt = header.getFloat64(8) - shiftMs;
  const freshUntil = header.getFloat64(16) - shiftMs;
  const expiresAt = header.getFloat64(24) - shiftMs;
  // NaN fails every comparison.
  const makesSense = Number.isFinite(createdAt) && createdAt <= freshUntil && freshUntil <= expiresAt;
  return makesSense ? { createdAt, freshUntil, expiresAt, loadMs: header.getUint32(32) } : undefined;
}
