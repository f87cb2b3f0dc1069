/** What bytes are bound to beside their secret: they open only where all of it is the same. */
export interface Binding {
  /** The id of the serializer that seals. */
  readonly sealer: number;
  /** The id of the serializer that made what is sealed. */
  readonly inner: number;
  readonly keyId: number;
  readonly place: string;
}

/** Of everything that is sealed or bound here. */
const FORMAT = 1;

const HEADER_BYTES = 8;

/**
 * The associated data (RFC 5116) of sealed bytes: format and numbers, one byte each, then the place with its length in
 * front. No two bindings have the same, nor is one the beginning of another.
 *
 * @throws For a place that is no string: bytes would be bound to nothing.
 */
export function associatedData({ sealer, inner, keyId, place }: Binding): Uint8Array {
  const length = Buffer.byteLength(place);
  const data = Buffer.allocUnsafe(HEADER_BYTES + length);
  data[0] = FORMAT;
  data[1] = sealer;
  data[2] = inner;
  data[3] = keyId;
  data.writeUInt32BE(length, 4);
  data.write(place, HEADER_BYTES);
  return data;
}
