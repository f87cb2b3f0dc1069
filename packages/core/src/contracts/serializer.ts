/** Room in front of an encoded value, for what the caller puts there. */
export interface Headroom {
  readonly bytes: number;
  /**
   * Set to `true` by a serializer that returns the encoded value behind so many bytes. What they hold does not matter: the caller
   * writes over all of them. They are nobody else's from then on.
   */
  isLeft: boolean;
}

/**
 * Turns values into bytes for the remote tiers and back. Synchronous; may throw.
 *
 * A throw of `decode` makes the read a miss; a throw of `encode` keeps the value out of the remote tiers (and rejects
 * an explicit `set`). Neither puts a part of the value into its error: errors end up in logs.
 */
export interface Serializer {
  /**
   * Names the encoding in each frame, 1 to 255, so that bytes of another serializer are recognised and not misread.
   * 1 is JSON, 2 MessagePack, 3 compressed, 4 encrypted, 5 signed, 6 raw bytes; 128 and above are free for applications.
   */
  readonly id: number;
  /**
   * Whether a value and its bytes may be the same memory: `encode` may return the value's own, and what `decode` returns
   * may be a view of what it was given. Nobody writes to that memory from then on.
   *
   * @defaultValue `false`: `decode` returns nothing that is a view of its bytes, which may be a slice of a larger buffer.
   */
  readonly sharesBytes?: boolean;
  /**
   * Encodes a value other than `undefined`. The result must not change afterwards.
   *
   * @param place - Where the bytes are going to lie: the key in the remote tiers, `prefix/namespace:id`. What stands
   * before its first `:` is the same for all values of a namespace. For serializers that bind the bytes to it, so that a
   * copy under another key is refused.
   * @param headroom - Asks for room in front of the encoded value, which saves the caller a copy. A serializer may ignore it,
   * and does so where it would take a copy as well.
   */
  encode(value: unknown, place: string, headroom?: Headroom): Uint8Array;
  /**
   * Decodes what `encode` made.
   *
   * @param place - Where the bytes were found. What was encoded for the same place comes back; for another one, a
   * serializer may throw or not.
   */
  decode(bytes: Uint8Array, place: string): unknown;
}
