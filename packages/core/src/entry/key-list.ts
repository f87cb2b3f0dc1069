import { CacheError } from "../errors.ts";
import { describe } from "../option-rules.ts";

/**
 * A list of keys, or of entries, as it was given to a namespace: a JavaScript caller may have handed over anything.
 *
 * @throws `INVALID_KEY`.
 */
export function listed<T>(namespace: string, list: readonly T[]): readonly T[] {
  if (Array.isArray(list)) return list;
  throw invalidKey(`What was given to namespace "${namespace}"`, list, "a list of keys");
}

/** The error for what is no key. */
export function invalidKey(what: string, given: unknown, allowed: string): CacheError {
  return new CacheError("INVALID_KEY", `${what} is ${describe(given)}; allowed is ${allowed}.`);
}
