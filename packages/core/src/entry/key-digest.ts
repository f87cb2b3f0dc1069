import { hash } from "node:crypto";

/**
 * The longest id that stands for itself, in UTF-16 units; one that is longer is shortened. Ids that people make up stay
 * below, so that hashing is for the exception; and a key takes at most three bytes a unit of its id, escaped and in
 * UTF-8, which makes 768.
 */
export const MAX_WHOLE_ID_UNITS = 256;

/** Whether a key of one string is its own id. On the path of every hit. */
export function isWholeId(key: unknown): key is string {
  return typeof key === "string" && key.length <= MAX_WHOLE_ID_UNITS;
}

/** Where a digest begins. In escaped text `%` is followed by two hex digits, so no other key holds these two signs. */
export const DIGEST_MARK = "%#";

/**
 * As much of a long id as stays readable in front of its digest. With mark and digest that is always longer than
 * {@link MAX_WHOLE_ID_UNITS}: the local tier, whose ids need not be escaped, tells the two kinds apart by length alone.
 */
const HEAD_UNITS = 216;

/** Half an escape or half a surrogate pair, left over at the end of a head. */
const CUT_END = /(?:%.?|[\ud800-\udbff])$/;

/**
 * The short form of an id longer than {@link MAX_WHOLE_ID_UNITS}: its beginning, `%#`, and the SHA-256 of all of it in
 * base64url; 259 to 261 units. No two ids have the same, and no other id is the same as one.
 *
 * @param escaped - The id as it would stand in a key of the remote tiers, well-formed.
 */
export function shortId(escaped: string): string {
  const head = escaped.slice(0, HEAD_UNITS).replace(CUT_END, "");
  const short = `${head}${DIGEST_MARK}${hash("sha256", escaped, "base64url")}`;
  // By way of bytes: V8 keeps the string that another was cut out of, which here would be as long as the entry is held.
  return Buffer.from(short).toString();
}
