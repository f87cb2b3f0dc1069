const looks = 200;

/**
 * How long a look into the local tier takes, in ms: the mean of many in a row, as one alone is shorter than what clocks can tell, and
 * hits do not time themselves. `undefined` where it holds nothing of what is looked for.
 *
 * @param peek - Looks once; counted as a read by nobody.
 */
export function localLookMs(peek: () => unknown): number | undefined {
  if (peek() === undefined) return undefined;
  const startedAt = performance.now();
  for (let look = 0; look < looks; look++) peek();
  return (performance.now() - startedAt) / looks;
}
