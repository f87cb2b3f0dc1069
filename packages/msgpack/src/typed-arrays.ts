/** What a typed array, an `ArrayBuffer` or a `DataView` is made of once its bytes are there. */
type Constructor = new (bytes: ArrayBuffer) => ArrayBufferView;

/** The kinds of typed arrays, each at the number that stands for it on the wire: msgpackr's. */
const constructors: readonly Constructor[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
];

/** Written as plain bytes, which every reader of MessagePack knows. */
export const KIND_UINT_8 = 1;
const KIND_ARRAY_BUFFER = 16;
const KIND_DATA_VIEW = 17;

const kindsByPrototype: ReadonlyMap<unknown, number> = new Map([
  ...constructors.map(({ prototype }, kind): [unknown, number] => [prototype, kind]),
  [Buffer.prototype, KIND_UINT_8],
  [ArrayBuffer.prototype, KIND_ARRAY_BUFFER],
  [DataView.prototype, KIND_DATA_VIEW],
]);

/** The number of the kind of array that has just this prototype. A subclass has another one. */
export function kindOf(prototype: unknown): number | undefined {
  return kindsByPrototype.get(prototype);
}

/**
 * All bytes of an array and no others, not copied.
 *
 * @throws `TypeError` when its memory was given away.
 */
export function bytesOf(array: ArrayBufferView | ArrayBuffer): Uint8Array {
  if (!ArrayBuffer.isView(array)) return new Uint8Array(array);
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

/**
 * The array of a kind over bytes, which it takes over.
 *
 * @throws `RangeError` when there is no such kind, or when the bytes are no whole number of elements.
 */
export function arrayOf(kind: number, bytes: ArrayBuffer): ArrayBufferView | ArrayBuffer {
  if (kind === KIND_ARRAY_BUFFER) return bytes;
  const constructor = kind === KIND_DATA_VIEW ? DataView : constructors[kind];
  if (constructor === undefined) throw new RangeError("No such kind of array");
  return new constructor(bytes);
}
