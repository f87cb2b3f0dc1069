/**
 * How alike two vectors point: 1 for the same direction, 0 for unrelated, -1 for opposite; 0 if either has length 0.
 *
 * @throws RangeError when they differ in dimensions
 */
export function cosineSimilarity(one: Float32Array, other: Float32Array): number {
  if (one.length !== other.length) {
    throw new RangeError(`Vectors of ${one.length} and ${other.length} dimensions cannot be compared`);
  }
  let product = 0;
  let oneSquared = 0;
  let otherSquared = 0;
  for (let index = 0; index < one.length; index += 1) {
    const left = one[index] ?? 0;
    const right = other[index] ?? 0;
    product += left * right;
    oneSquared += left * left;
    otherSquared += right * right;
  }
  const lengths = Math.sqrt(oneSquared * otherSquared);
  return lengths === 0 ? 0 : product / lengths;
}
