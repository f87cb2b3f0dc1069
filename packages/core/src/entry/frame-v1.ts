import { randomBytes } from "node:crypto";
import { FRAME_IDENTITY } from "../contracts/fence.ts";
import type { FrameRejection } from "../contracts/observer.ts";
import type { FrameContent, FrameFormat, FrameInstants } from "./frame.ts";
import { readTags, tagSectionBytes, writeTags } from "./tag-section.ts";
import { xxHash32 } from "./xxhash32.ts";

/*
 * A header of 64 bytes, then the body. Numbers are big-endian. The page docs/wire-format.md says the same byte by byte,
 * for those who write other readers.
 *
 *    0  2  magic C1 F5: no MessagePack, no UTF-8 and no JSON begins so, which tells foreign bytes apart
 *    2  1  format, 1
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
const FORMAT = 1;
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

/** Bytes up to this many are copied to below a view that is always there: to make one takes longer. */
const SCRATCH_BYTES = 1_024;
const scratch = new Uint8Array(SCRATCH_BYTES);
const scratchView = new DataView(scratch.buffer);
const scratchHeader = scratch.subarray(0, HEADER_BYTES);

/** The first format of frames. */
export const frameV1: FrameFormat = {
  write: (key, content) => writeFrame(key, content, FORMAT),
  read: (key, frame) => readFrame(key, frame, 0),
  renewedHeader,
};

/** Makes a frame of this layout, of a format with some number. */
export function writeFrame(key: string, content: FrameContent, format: number): Uint8Array {
  const { etag, tags, payload } = content;
  const etagBytes = etag === undefined ? 0 : Buffer.byteLength(etag);
  const tagsAt = etag === undefined ? SECTIONS_AT : ETAG_AT + etagBytes;
  const payloadAt = tags === undefined ? tagsAt : tagsAt + tagSectionBytes(tags);
  const frame = Buffer.allocUnsafe(payloadAt + payload.byteLength);
  frame.writeBigUInt64BE(content.generation, HEADER_BYTES);
  if (etag !== undefined) {
    frame.writeUInt16BE(etagBytes, SECTIONS_AT);
    frame.write(etag, ETAG_AT);
  }
  if (tags !== undefined) writeTags(frame, tagsAt, tags);
  frame.set(payload, payloadAt);
  const view = viewOf(frame);
  const flags =
    (content.isUndefined ? FLAG_UNDEFINED : 0) |
    (etag === undefined ? 0 : FLAG_ETAG) |
    (tags === undefined ? 0 : FLAG_TAGS);
  view.setUint32(0, MAGIC | (format << 8) | content.serializerId);
  view.setUint32(4, (STATE_VALUE << 24) | (flags << 16) | content.schemaVersion);
  view.setUint32(52, frame.byteLength - HEADER_BYTES);
  view.setUint32(56, bodyCheck(key, view, frame.byteLength));
  writeInstants(view, content);
  if (view === scratchView) frame.set(scratchHeader);
  return frame;
}

/** See {@link FrameFormat}. */
export function renewedHeader(frame: Uint8Array, instants: FrameInstants): Uint8Array {
  const header = frame.subarray(0, HEADER_BYTES);
  const view = viewOf(header);
  // A check that fits must not be given to what is damaged, nor another revision to what is no value.
  const isSound = header.byteLength === HEADER_BYTES && view.getUint32(60) === headerCheck(view);
  if (!isSound || !isValue(view.getUint8(4))) return header;
  view.setUint8(4, STATE_VALUE);
  writeInstants(view, instants);
  return scratchHeader.slice();
}

/** Reads a frame of this layout, in which some bytes follow the payload. */
export function readFrame(key: string, frame: Uint8Array, trailerBytes: number): FrameContent | FrameRejection {
  const { byteLength } = frame;
  if (byteLength < HEADER_BYTES) return "bad-length";
  const view = viewOf(frame);
  if (view.getUint32(60) !== headerCheck(view)) return "bad-checksum";
  const flags = view.getUint8(5);
  const state = view.getUint8(4);
  if (!isValue(state) || flags > ALL_FLAGS) return "unknown-format";
  if (view.getUint32(52) !== byteLength - HEADER_BYTES) return "bad-length";
  if (view.getUint32(56) !== bodyCheck(key, view, byteLength)) return "bad-checksum";
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
  const end = byteLength - trailerBytes;
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

function isValue(state: number): boolean {
  return state === STATE_VALUE || state === STATE_OUTDATED;
}

/** Whatever changes with each write of a header; the check comes last. */
function writeInstants(header: DataView, { createdAt, freshUntil, expiresAt, loadMs }: FrameInstants): void {
  revisions++;
  header.setUint32(8, revisionPrefix[0]);
  header.setUint32(12, revisionPrefix[1]);
  header.setUint32(16, Math.floor(revisions / 2 ** 32));
  header.setUint32(20, revisions);
  header.setFloat64(24, createdAt);
  header.setFloat64(32, freshUntil);
  header.setFloat64(40, expiresAt);
  header.setUint32(48, loadMs > 0 ? Math.min(Math.round(loadMs), LONGEST_LOAD_MS) : 0);
  header.setUint32(60, headerCheck(header));
}

/** Bound to the key, so that a frame which was copied under another one is refused. */
function bodyCheck(key: string, frame: DataView, end: number): number {
  let seed = FNV_OFFSET;
  for (let index = 0; index < key.length; index++) seed = Math.imul(seed ^ key.charCodeAt(index), FNV_PRIME);
  return xxHash32(frame, { start: HEADER_BYTES, end }, seed);
}

function headerCheck(header: DataView): number {
  const seed = Math.imul(header.getInt32(0), FNV_PRIME) ^ (header.getInt32(4) & 0x00ff_ffff);
  return xxHash32(header, CHECKED_HEADER, seed);
}

/** A view that shows the bytes at 0, until the next one is asked for. */
function viewOf(bytes: Uint8Array): DataView {
  if (bytes.byteLength > SCRATCH_BYTES) return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  scratch.set(bytes);
  return scratchView;
}
