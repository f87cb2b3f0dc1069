/*
 * A reader of format 1 that was written from docs/wire-format.md alone and shares no code with the library. It stands for
 * every program out there that reads this format, older releases of our own included: it is not to be changed.
 */

/** What the page says of a frame, up to where a serializer takes over. */
export interface Frame {
  readonly serializer: number;
  readonly schemaVersion: number;
  readonly createdAt: number;
  readonly freshUntil: number;
  readonly expiresAt: number;
  readonly loadMs: number;
  readonly isUndefined: boolean;
  readonly etag: string | undefined;
  readonly generation: bigint;
  readonly tags: readonly { readonly tag: string; readonly token: bigint }[] | undefined;
  readonly payload: Uint8Array;
}

const [A, B, C, D, E] = [2654435761, 2246822519, 3266489917, 668265263, 374761393] as const;
const P = 16777619;

/** What is in the bytes found under a key, or the reason why they are refused. */
export function readFrame(key: string, bytes: Uint8Array): Frame | string {
  if (bytes[0] !== 0xc1 || bytes[1] !== 0xf5 || bytes.length < 3) return "not-a-frame";
  if (bytes[2] !== 1) return (bytes[2] ?? 0) > 1 ? "newer-format" : "unknown-format";
  if (bytes.length < 64) return "bad-length";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { header, body } = checksOf(key, bytes);
  if (view.getUint32(60) !== header) return "bad-checksum";
  const flags = view.getUint8(5);
  if (view.getUint8(4) !== 0x46 || flags >= 8) return "unknown-format";
  if (64 + view.getUint32(52) !== bytes.length) return "bad-length";
  if (view.getUint32(56) !== body) return "bad-checksum";
  const [createdAt, freshUntil, expiresAt] = [view.getFloat64(24), view.getFloat64(32), view.getFloat64(40)];
  const inOrder = Number.isFinite(createdAt) && createdAt <= freshUntil && freshUntil <= expiresAt;
  if (!inOrder) return "bad-instants";
  const sections = sectionsOf(bytes, { hasEtag: (flags & 2) > 0, hasTags: (flags & 4) > 0 });
  const isUndefined = flags % 2 === 1;
  if (sections === undefined) return "bad-length";
  const { etag, tags, payloadAt } = sections;
  if (payloadAt > bytes.length || (isUndefined && payloadAt < bytes.length)) return "bad-length";
  return {
    serializer: view.getUint8(3),
    schemaVersion: view.getUint16(6),
    createdAt,
    freshUntil,
    expiresAt,
    loadMs: view.getUint32(48),
    isUndefined,
    etag,
    generation: view.getBigUint64(64),
    tags,
    payload: bytes.slice(payloadAt),
  };
}

/** What stands before the payload; `undefined` where it does not fit into the bytes. */
function sectionsOf(
  bytes: Uint8Array,
  { hasEtag, hasTags }: { readonly hasEtag: boolean; readonly hasTags: boolean },
): (Pick<Frame, "etag" | "tags"> & { readonly payloadAt: number }) | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 64 + 8;
  let fits = at <= bytes.length;
  /** Takes so many bytes, unless there are fewer. */
  const take = (count: number): number => {
    fits &&= at + count <= bytes.length;
    at += fits ? count : 0;
    return at - count;
  };
  const textOf = (length: number): string => {
    const from = take(length);
    return fits ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.slice(from, at)) : "";
  };
  const number = (count: 1 | 2): number => {
    const from = take(count);
    if (!fits) return 0;
    return count === 1 ? view.getUint8(from) : view.getUint16(from);
  };
  const etag = hasEtag ? textOf(number(2)) : undefined;
  const tags = hasTags
    ? Array.from({ length: number(1) }, () => {
        const tag = textOf(number(2));
        const from = take(8);
        return { tag, token: fits ? view.getBigUint64(from) : 0n };
      })
    : undefined;
  return fits ? { etag, tags, payloadAt: at } : undefined;
}

/** The two checks that a frame under a key must have, whatever stands where they belong. Of at least 64 bytes. */
export function checksOf(key: string, frame: Uint8Array): { readonly header: number; readonly body: number } {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const headerSeed = Math.imul(view.getUint32(0), P) ^ (view.getUint32(4) & 0x00ffffff);
  let bodySeed = 2166136261;
  for (let unit = 0; unit < key.length; unit++) bodySeed = Math.imul(bodySeed ^ key.charCodeAt(unit), P);
  return { header: xxHash32(frame.slice(24, 60), headerSeed), body: xxHash32(frame.slice(64), bodySeed) };
}

/** xxHash32 as the page describes it. */
export function xxHash32(bytes: Uint8Array, seed: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let h = seed + E;
  if (bytes.length >= 16) {
    const lanes = [seed + A + B, seed + B, seed, seed - A];
    for (; at + 16 <= bytes.length; at += 16) {
      for (const [i, lane] of lanes.entries()) {
        lanes[i] = Math.imul(turn(lane + Math.imul(view.getUint32(at + 4 * i, true), B), 13), A);
      }
    }
    const [one = 0, two = 0, three = 0, four = 0] = lanes;
    h = turn(one, 1) + turn(two, 7) + turn(three, 12) + turn(four, 18);
  }
  h += bytes.length;
  for (; at + 4 <= bytes.length; at += 4) h = Math.imul(turn(h + Math.imul(view.getUint32(at, true), C), 17), D);
  for (; at < bytes.length; at++) h = Math.imul(turn(h + Math.imul(bytes[at] ?? 0, E), 11), A);
  h = Math.imul(h ^ (h >>> 15), B);
  h = Math.imul(h ^ (h >>> 13), C);
  return (h ^ (h >>> 16)) >>> 0;
}

function turn(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
