/**
 * The value below which the given share of the numbers lies, by the nearest rank.
 *
 * @param share - 0 to 1: 0.5 for the median.
 * @returns `undefined` for no numbers.
 */
export function percentile(numbers: readonly number[], share: number): number | undefined {
  const sorted = numbers.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
