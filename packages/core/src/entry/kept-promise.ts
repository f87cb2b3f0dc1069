import type { Entry } from "../contracts/entry.ts";

/**
 * The promise of an entry's value: one an entry, resolved once, handed to every hit. Awaiting it is the cheapest
 * thing that can be awaited, and no hit after the first allocates anything.
 */
export function promiseOf<V>(entry: Entry<V>): Promise<V> {
  entry.promise ??= Promise.resolve(entry.value);
  return entry.promise;
}
