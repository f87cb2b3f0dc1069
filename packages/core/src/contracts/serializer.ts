/**
 * Turns values into bytes for the remote tiers and back. Synchronous; may throw.
 *
 * A throw of `decode` makes the read a miss; a throw of `encode` keeps the value out of the remote tiers (and rejects
 * an explicit `set`).
 */
export interface Serializer {
  /**
   * Names the encoding in each frame, 1 to 255, so that bytes of another serializer are recognised and not misread.
   * 1 is JSON, 2 MessagePack; 128 and above are free for applications.
   */
  readonly id: number;
  /**
   * Encodes a value other than `undefined`. The result must not change afterwards.
   *
   * @param place - Where the bytes are going to lie: the key in the remote tiers. For serializers that bind the bytes to it,
   * so that a copy under another key is refused.
   */
  encode(value: unknown, place: string): Uint8Array;
  /**
   * Decodes what `encode` made. The result must not be a view of `bytes`, which may be a slice of a larger buffer.
   *
   * @param place - Where the bytes were found.
   */
  decode(bytes: Uint8Array, place: string): unknown;
}

const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * JSON, readable by eye in Redis: the default serializer. What JSON cannot say is lost on the way (a `Date` comes back
 * as a string, a `Map` as `{}`); use `@tiercache/msgpack` for such values.
 */
export const json: Serializer = {
  id: 1,
  encode(value) {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`JSON has no form for a ${typeof value}`);
    return utf8Encoder.encode(text);
  },
  decode: (bytes) => JSON.parse(utf8Decoder.decode(bytes)),
};
