import { isUtf8 } from "node:buffer";
import { randomBytes } from "node:crypto";

/** Strings of up to this many bytes are looked up. */
const LONGEST = 24;
/** A power of 2. */
const PLACES = 2 ** 12;

/** Longer strings are looked through before they are made, as what is no UTF-8 takes 50 times as long. */
const LONGEST_UNSEEN = 2 ** 12;

/** What V8 makes of bytes that are no UTF-8. */
const REPLACEMENT = "\ufffd";

/** Odd, and another one in each process: nobody can choose strings that all take one another's place. */
const multiplier = randomBytes(4).readInt32BE() | 1;

/**
 * Turns bytes into strings. Short ones occur over and over, as keys above all, and are found in a table in a third of
 * the time that V8 takes to make them anew; they also take their memory once. A string stays in the table until another one
 * takes its place.
 */
export class StringTable {
  readonly #strings: string[] = Array.from({ length: PLACES }, () => "");

  /**
   * The string that `source` holds in UTF-8 from `start` to before `end`, both within it.
   *
   * @throws `RangeError` for what is no UTF-8.
   */
  at(source: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST) return textOf(source, start, end);
    if (length === 0) return "";
    const place = placeOf(source, start, end);
    const known = this.#strings[place] as string;
    if (known.length === length && isSame(known, source, start)) return known;
    const text = textOf(source, start, end);
    // ASCII alone, as only then a byte is a character.
    if (text.length === length) this.#strings[place] = text;
    return text;
  }
}

function textOf(source: Buffer, start: number, end: number): string {
  if (end - start > LONGEST_UNSEEN) assertUtf8(source, start, end);
  const text = source.toString("utf8", start, end);
  if (text.includes(REPLACEMENT)) assertUtf8(source, start, end);
  return text;
}

function assertUtf8(source: Buffer, start: number, end: number): void {
  if (!isUtf8(source.subarray(start, end))) throw new RangeError("No UTF-8");
}

function placeOf(source: Buffer, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = Math.imul(hash, multiplier) + (source[at] as number);
  return Math.imul(hash, multiplier) >>> (32 - Math.log2(PLACES));
}

/** Whether a text of ASCII stands somewhere in bytes. */
export function isSame(text: string, source: Buffer, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== source[start + index]) return false;
  }
  return true;
}
