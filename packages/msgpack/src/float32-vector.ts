/*
 * A `Float32Array` that is the whole value, as an embedding is, takes a short way past msgpackr but is written just as
 * msgpackr writes it: an extension of type "t" whose first byte says which kind of array follows.
 */
const EXT_8 = 0xc7;
const EXT_16 = 0xc8;
const EXT_32 = 0xc9;
const TYPED_ARRAY = 0x74;
const FLOAT_32 = 7;

/** The kind of array is counted as content. */
const KIND_BYTES = 1;

/** Encodes a value if it is a `Float32Array`. */
export function encodeVector(value: unknown): Uint8Array | undefined {
  if (!(value instanceof Float32Array) || Object.getPrototypeOf(value) !== Float32Array.prototype) return undefined;
  const contentBytes = value.byteLength + KIND_BYTES;
  const lengthBytes = contentBytes < 0x1_00 ? 1 : contentBytes < 0x1_00_00 ? 2 : 4;
  const encoded = Buffer.allocUnsafe(2 + lengthBytes + contentBytes);
  encoded[0] = lengthBytes === 1 ? EXT_8 : lengthBytes === 2 ? EXT_16 : EXT_32;
  encoded.writeUIntBE(contentBytes, 1, lengthBytes);
  encoded[1 + lengthBytes] = TYPED_ARRAY;
  encoded[2 + lengthBytes] = FLOAT_32;
  encoded.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), 3 + lengthBytes);
  return encoded;
}
