import { Refusal } from "./refusal.ts";

/**
 * A list of numbers in 4 bytes each.
 *
 * @throws `Refusal` for an item that is no number, or not finite in 32 bits.
 */
export function vectorOf(list: readonly unknown[]): Float32Array {
  const vector = new Float32Array(list.length);
  for (let index = 0; index < list.length; index++) {
    const number = list[index];
    if (typeof number === "number") vector[index] = number;
    if (typeof number !== "number" || !Number.isFinite(vector[index])) {
      throw Refusal.under(index, new Refusal("not a finite number of 32 bits, as those of a vector are"));
    }
  }
  return vector;
}

/**
 * The numbers in the bytes of a vector.
 *
 * @throws `RangeError` when the bytes are no whole number of them.
 */
export function numbersOf(bytes: ArrayBuffer): number[] {
  const vector = new Float32Array(bytes);
  // oxlint-disable-next-line unicorn/no-new-array -- several times as fast as `Array.from`
  const numbers = new Array<number>(vector.length);
  for (let index = 0; index < vector.length; index++) numbers[index] = vector[index] as number;
  return numbers;
}
