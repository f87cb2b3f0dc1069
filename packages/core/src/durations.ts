/** So many seconds, in ms. For reading ease: `ttlMs: seconds(30)`. */
export function seconds(count: number): number {
  return count * 1_000;
}

/** So many minutes, in ms. */
export function minutes(count: number): number {
  return count * 60_000;
}

/** So many hours, in ms. */
export function hours(count: number): number {
  return count * 3_600_000;
}

/** So many days of 24 hours, in ms. */
export function days(count: number): number {
  return count * 86_400_000;
}
