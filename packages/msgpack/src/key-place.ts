/*
 * Objects of one kind stand side by side and have the same keys over and over. What was found out about a key is remembered at
 * its place: how deep the object stands, and which of its keys it is.
 */

/** Powers of 2. What stands deeper shares the last row. */
const DEPTHS = 16;
const POSITIONS = 32;

/** How many places there are. */
export const KEY_PLACES: number = DEPTHS * POSITIONS;

/** The place of a key, from 0 to below {@link KEY_PLACES}; -1 for the later keys of a large object, which have none. */
export function keyPlaceOf(depth: number, position: number): number {
  if (position >= POSITIONS) return -1;
  return (depth < DEPTHS ? depth : DEPTHS - 1) * POSITIONS + position;
}
