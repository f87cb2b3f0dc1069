import type { FrameTag } from "./frame.ts";

/*
 * The tags of a frame: their number in 1 byte; for each, a length of 2 bytes, as many of UTF-8, and the 8 of its token.
 */
const COUNT_BYTES = 1;
const LENGTH_BYTES = 2;
const TOKEN_BYTES = 8;

/** The tags that were found, and where they end. */
export interface TagSection {
  readonly tags: readonly FrameTag[];
  readonly end: number;
}

/** How many bytes tags take in a frame. */
export function tagSectionBytes(tags: readonly Pick<FrameTag, "tag">[]): number {
  return tags.reduce((sum, { tag }) => sum + LENGTH_BYTES + Buffer.byteLength(tag) + TOKEN_BYTES, COUNT_BYTES);
}

/** Puts tags into a frame that has room for them. */
export function writeTags(frame: Buffer, at: number, tags: readonly FrameTag[]): void {
  let next = frame.writeUInt8(tags.length, at);
  for (const { tag, token } of tags) {
    const bytes = frame.write(tag, next + LENGTH_BYTES);
    frame.writeUInt16BE(bytes, next);
    next = frame.writeBigUInt64BE(token, next + LENGTH_BYTES + bytes);
  }
}

/** The tags that stand in a frame from `at` on. Never throws, whatever bytes they are, and allocates nothing by a length in them. */
export function readTags(frame: Uint8Array, at: number): TagSection | "bad-length" {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (at + COUNT_BYTES > bytes.byteLength) return "bad-length";
  const tags: FrameTag[] = [];
  let next = at + COUNT_BYTES;
  for (let left = bytes.readUInt8(at); left > 0; left--) {
    const tagAt = next + LENGTH_BYTES;
    if (tagAt > bytes.byteLength) return "bad-length";
    const tokenAt = tagAt + bytes.readUInt16BE(next);
    next = tokenAt + TOKEN_BYTES;
    if (next > bytes.byteLength) return "bad-length";
    tags.push({ tag: bytes.toString("utf8", tagAt, tokenAt), token: bytes.readBigUInt64BE(tokenAt) });
  }
  return { tags, end: next };
}
