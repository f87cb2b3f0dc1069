import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { FRAME_IDENTITY } from "../contracts/fence.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import type { FrameContent, FrameFormat, FrameHead, FrameInstants, FrameSections, FrameTag } from "./frame.ts";
import { readTags, tagSectionBytes, writeTags } from "./tag-section.ts";
import { SCRATCH_BYTES, scratch, xxHash32, xxHash32Of } from "./xxhash32.ts";

/*
 * A header of 64 bytes, then the body. Numbers are big-endian. The page docs/wire-format.md says the same byte by byte,
 * for those who write other readers.
 *
 *    0  2  magic C1 F5: no MessagePack, no UTF-8 and no JSON begins so, which tells foreign bytes apart
 *    2  1  format
 *    3  1  id of the serializer that made the payload
 *    4  1  state: "F" for a value, "S" for one that is out of date
 *    5  1  flags: bit 0, the value is `undefined`; bit 1, there is an etag; bit 2, there are tags; the others are 0
 *    6  2  version of the namespace's schema
 *    8 16  revision: no two frames ever written have the same. In the state "S" its first 8 bytes are a double: since when
 *   24  8  createdAt, a double: ms since 1970 in the remote tier's own time
 *   32  8  freshUntil, likewise; Infinity for never
 *   40  8  expiresAt, likewise
 *   48  4  loadMs, rounded
 *   52  4  length of the body, which ends the frame
 *   56  4  check of the body, bound to the key: xxHash32
 *   60  4  check of the header without the state, the revision and itself: xxHash32
 *   64  8  token of the namespace's generation
 *   72     the etag, if there is one: a length of 2 bytes and as many of UTF-8; the tags, if there are any: tag-section.ts; then
 *          the payload
 *
 * The state and the revision may be rewritten where the frame lies; they are in no check.
 */
const MAGIC = 0xc1f5_0000;
const { value: STATE_VALUE, outdated: STATE_OUTDATED } = FRAME_IDENTITY;
const FLAG_UNDEFINED = 1;
const FLAG_ETAG = 2;
const FLAG_TAGS = 4;
const ALL_FLAGS = FLAG_UNDEFINED | FLAG_ETAG | FLAG_TAGS;

const HEADER_BYTES = 64;
const SECTIONS_AT = HEADER_BYTES + 8;
const ETAG_AT = SECTIONS_AT + 2;
/** The part of the header that is checked as a whole; of the first 8 bytes, what is checked goes into the seed. */
const CHECKED_HEADER = { start: 24, end: 60 };

const LONGEST_LOAD_MS = 2 ** 32 - 1;

const FNV_OFFSET = 0x811c_9dc5;
const FNV_PRIME = 0x0100_0193;

/** Drawn once a process; with the count behind it no revision is ever used twice. */
const revisionPrefix = [randomBytes(4).readUInt32BE(), randomBytes(4).readUInt32BE()] as const;
let revisions = 0;

/** What is looked at lies in the scratch memory: to make a view of each frame takes longer than to copy it. */
const view = new DataView(scratch.buffer);
const scratchHeader = scratch.subarray(0, HEADER_BYTES);
const scratchHead = scratch.subarray(0, SECTIONS_AT);

/** What a format of this layout has of its own. */
interface FrameLayoutParts {
  /** The format's number. */
  readonly format: number;
  /** How many bytes stand behind the payload, which nothing here looks into. */
  readonly trailBytes: number;
  /** Writes them. */
  readonly writeTrail?: (frame: Uint8Array, head: FrameHead) => void;
}

/** The layout that formats of frames have in common so far. */
export class FrameLayout implements FrameFormat {
  readonly trailBytes: number;
  readonly #magic: number;
  readonly #writeTrail: FrameLayoutParts["writeTrail"];

  constructor({ format, trailBytes, writeTrail }: FrameLayoutParts) {
    this.trailBytes = trailBytes;
    this.#magic = MAGIC | (format << 8);
    this.#writeTrail = writeTrail;
  }

  /** See {@link FrameFormat}. */
  headBytes(etag: string | undefined, tags: readonly Pick<FrameTag, "tag">[] | undefined): number {
    const tagsAt = etag === undefined ? SECTIONS_AT : ETAG_AT + Buffer.byteLength(etag);
    return tags === undefined ? tagsAt : tagsAt + tagSectionBytes(tags);
  }

  /** See {@link FrameFormat}. */
  write(key: string, content: FrameContent): Uint8Array {
    const payloadAt = this.headBytes(content.etag, content.tags);
    const frame = Buffer.allocUnsafe(payloadAt + content.payload.byteLength + this.trailBytes);
    frame.set(content.payload, payloadAt);
    this.writeHead(frame, key, content);
    return frame;
  }

  /** See {@link FrameFormat}. */
  writeHead(frame: Uint8Array, key: string, head: FrameHead): void {
    const { etag, tags } = head;
    if (etag !== undefined || tags !== undefined) writeSections(frame, head);
    this.#writeTrail?.(frame, head);
    load(frame);
    const flags =
      (head.isUndefined ? FLAG_UNDEFINED : 0) |
      (etag === undefined ? 0 : FLAG_ETAG) |
      (tags === undefined ? 0 : FLAG_TAGS);
    view.setUint32(0, this.#magic | head.serializerId);
    view.setUint32(4, (STATE_VALUE << 24) | (flags << 16) | head.schemaVersion);
    view.setUint32(52, frame.byteLength - HEADER_BYTES);
    view.setBigUint64(HEADER_BYTES, head.generation);
    // A long frame is looked through where it lies.
    if (frame.byteLength > SCRATCH_BYTES) frame.set(scratchHead);
    view.setUint32(56, bodyCheck(key, frame));
    writeInstants(head);
    frame.set(scratchHead);
  }

  /** See {@link FrameFormat}. */
  read(key: string, frame: Uint8Array): FrameContent | FrameRejection {
    const { byteLength } = frame;
    if (byteLength < HEADER_BYTES) return "bad-length";
    load(frame);
    if (view.getUint32(60) !== headerCheck()) return "bad-checksum";
    const flags = view.getUint8(5);
    const state = view.getUint8(4);
    if (!isValue(state) || flags > ALL_FLAGS) return "unknown-format";
    if (view.getUint32(52) !== byteLength - HEADER_BYTES) return "bad-length";
    if (view.getUint32(56) !== bodyCheck(key, frame)) return "bad-checksum";
    const createdAt = view.getFloat64(24);
    const freshUntil = view.getFloat64(32);
    const expiresAt = view.getFloat64(40);
    const invalidatedAt = state === STATE_OUTDATED ? view.getFloat64(8) : undefined;
    // NaN fails every comparison.
    const areOrdered = Number.isFinite(createdAt) && createdAt <= freshUntil && freshUntil <= expiresAt;
    if (!(areOrdered && Number.isFinite(invalidatedAt ?? 0))) return "bad-instants";
    const hasEtag = (flags & FLAG_ETAG) !== 0;
    if (byteLength < (hasEtag ? ETAG_AT : SECTIONS_AT)) return "bad-length";
    const tagsAt = hasEtag ? ETAG_AT + view.getUint16(SECTIONS_AT) : SECTIONS_AT;
    const section = (flags & FLAG_TAGS) === 0 ? undefined : readTags(frame, tagsAt);
    if (section === "bad-length") return section;
    const payloadAt = section === undefined ? tagsAt : section.end;
    const isUndefined = (flags & FLAG_UNDEFINED) !== 0;
    const end = byteLength - this.trailBytes;
    if (isUndefined ? end !== payloadAt : end < payloadAt) return "bad-length";
    return {
      createdAt,
      freshUntil,
      expiresAt,
      loadMs: view.getUint32(48),
      serializerId: view.getUint8(3),
      schemaVersion: view.getUint16(6),
      isUndefined,
      etag: hasEtag ? Buffer.from(frame.buffer, frame.byteOffset, tagsAt).toString("utf8", ETAG_AT) : undefined,
      invalidatedAt,
      generation: view.getBigUint64(HEADER_BYTES),
      tags: section?.tags,
      payload: frame.subarray(payloadAt, end),
    };
  }

  /** See {@link FrameFormat}. */
  renewedHeader(frame: Uint8Array, instants: FrameInstants): Uint8Array {
    const header = frame.subarray(0, HEADER_BYTES);
    load(header);
    // A check that fits must not be given to what is damaged, nor another revision to what is no value.
    const isSound = header.byteLength === HEADER_BYTES && view.getUint32(60) === headerCheck();
    if (!isSound || !isValue(view.getUint8(4))) return header;
    view.setUint8(4, STATE_VALUE);
    writeInstants(instants);
    return scratchHeader.slice();
  }
}

function writeSections({ buffer, byteOffset, byteLength }: Uint8Array, { etag, tags }: FrameSections): void {
  const frame = Buffer.from(buffer, byteOffset, byteLength);
  let at = SECTIONS_AT;
  if (etag !== undefined) {
    const bytes = frame.write(etag, ETAG_AT);
    frame.writeUInt16BE(bytes, at);
    at = ETAG_AT + bytes;
  }
  if (tags !== undefined) writeTags(frame, at, tags);
}

function isValue(state: number): boolean {
  return state === STATE_VALUE || state === STATE_OUTDATED;
}

/** Whatever changes with each write of a header; the check comes last. */
function writeInstants({ createdAt, freshUntil, expiresAt, loadMs }: FrameInstants): void {
  revisions++;
  view.setUint32(8, revisionPrefix[0]);
  view.setUint32(12, revisionPrefix[1]);
  view.setUint32(16, Math.floor(revisions / 2 ** 32));
  view.setUint32(20, revisions);
  view.setFloat64(24, createdAt);
  view.setFloat64(32, freshUntil);
  view.setFloat64(40, expiresAt);
  view.setUint32(48, loadMs > 0 ? Math.min(Math.round(loadMs), LONGEST_LOAD_MS) : 0);
  view.setUint32(60, headerCheck());
}

/** Bound to the key, so that a frame which was copied under another one is refused. */
function bodyCheck(key: string, frame: Uint8Array): number {
  let seed = FNV_OFFSET;
  for (let index = 0; index < key.length; index++) seed = Math.imul(seed ^ key.charCodeAt(index), FNV_PRIME);
  const { byteLength } = frame;
  if (byteLength > SCRATCH_BYTES) return xxHash32Of(frame, HEADER_BYTES, seed);
  return xxHash32({ start: HEADER_BYTES, end: byteLength }, seed);
}

function headerCheck(): number {
  const seed = Math.imul(view.getInt32(0), FNV_PRIME) ^ (view.getInt32(4) & 0x00ff_ffff);
  return xxHash32(CHECKED_HEADER, seed);
}

/** Has the view show a frame, or what stands in front of the sections of a long one, until the next one is loaded. */
function load(frame: Uint8Array): void {
  scratch.set(frame.byteLength > SCRATCH_BYTES ? frame.subarray(0, ETAG_AT) : frame);
}
