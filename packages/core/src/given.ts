import type { KeyOf } from "./contracts/key.ts";
import { CacheError } from "./errors.ts";
import { describe } from "./option-rules.ts";

/*
 * What callers hand over to a namespace, looked at before it is used: a JavaScript caller may have handed over anything.
 */

/** The arguments of a key, which may be handed over bare where there is but one. */
export function argsOf<K extends readonly unknown[]>(key: KeyOf<K>): K {
  return (Array.isArray(key) ? key : [key]) as unknown as K;
}

/** A loader's context comes after all of the key's arguments, also those that the caller has left out. */
export function wholeArgs<K extends readonly unknown[]>(args: K, arity: number): K {
  return [...args, ...Array.from({ length: arity - args.length })] as unknown as K;
}

/** @throws `INVALID_KEY` for what is no list. */
export function listed<T>(namespace: string, list: readonly T[]): readonly T[] {
  if (Array.isArray(list)) return list;
  throw invalidKey(`What was given to namespace "${namespace}"`, list, "a list of keys");
}

/** @throws `INVALID_KEY` for what is no pair. */
export function pairOf<K, V>(namespace: string, entry: readonly [K, V]): readonly [K, V] {
  if (Array.isArray(entry) && entry.length === 2) return entry;
  throw invalidKey(`An entry given to ${namespace}`, entry, "a key and its value");
}

/**
 * A value to be kept. Awaiting a hit would wait for a promise that was kept as a value, and hand out something else than was set.
 *
 * @throws `INVALID_VALUE` for a promise.
 */
export function settled<V>(namespace: string, value: V): V {
  if (!isThenable(value)) return value;
  throw new CacheError("INVALID_VALUE", `The value handed to ${namespace}.set is a promise; await it first.`);
}

function invalidKey(what: string, given: unknown, allowed: string): CacheError {
  return new CacheError("INVALID_KEY", `${what} is ${describe(given)}; allowed is ${allowed}.`);
}

function isThenable(value: unknown): boolean {
  if (typeof value !== "function" && (typeof value !== "object" || value === null)) return false;
  return typeof (value as { readonly then?: unknown }).then === "function";
}
