/** Strings of up to this many bytes are looked up. */
const LONGEST = 24;
/** A power of 2. */
const PLACES = 2 ** 11;

/**
 * Turns bytes into strings. Short ones occur over and over, as keys above all, and are found in a table in a third of
 * the time that V8 takes to make them anew; they also take their memory once. A string stays in the table until another one
 * takes its place.
 */
export class StringTable {
  readonly #strings: string[] = Array.from({ length: PLACES }, () => "");

  /** The string that `source` holds in UTF-8 from `start` to before `end`, both within it. */
  at(source: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST) return source.toString("utf8", start, end);
    if (length === 0) return "";
    const place = placeOf(source, start, end);
    const known = this.#strings[place] as string;
    if (known.length === length && isSame(known, source, start)) return known;
    const text = source.toString("utf8", start, end);
    // ASCII alone, as only then a byte is a character. What is no UTF-8 becomes characters that are no bytes.
    if (text.length === length) this.#strings[place] = text;
    return text;
  }
}

function placeOf(source: Buffer, start: number, end: number): number {
  const first = source[start] as number;
  const middle = source[(start + end) >> 1] as number;
  const last = source[end - 1] as number;
  return (((first * 31 + middle) * 31 + last) * 31 + end - start) & (PLACES - 1);
}

function isSame(text: string, source: Buffer, start: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== source[start + index]) return false;
  }
  return true;
}
