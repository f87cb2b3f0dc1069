import { types } from "node:util";

/**
 * What keeps a caller who changes a value from changing it for everybody, as all callers share the values of the local
 * tier:
 *
 * - `freeze`: values are frozen when they are kept, so that a change throws where it is made. Plain objects and lists, and
 *   what stands in them and in a `Map` or `Set`; instances of classes, dates and bytes stay as they are.
 * - `clone`: every caller gets a copy of his own, made by `structuredClone`; a hit costs what that costs.
 * - `share`: nothing. A change is seen by all.
 */
export type Isolation = "freeze" | "clone" | "share";

/**
 * A value that was loaded or set, as it may be kept.
 *
 * @throws `DataCloneError` for a value that is to be cloned and cannot.
 */
export function keepable<V>(value: V, isolation: Isolation): V {
  if (isolation === "share" || typeof value !== "object") return value;
  return isolation === "freeze" ? deepFreeze(value) : structuredClone(value);
}

/** What {@link deepFreeze} has gone through: a value is frozen once, however often it is kept. */
const frozen = new WeakSet<object>();

/** Freezes plain objects and lists as deep as they go; a cycle does not keep it from ending. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  // A list instead of recursion: a value may be nested deeper than the stack allows.
  const pending: object[] = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (frozen.has(next)) continue;
    frozen.add(next);
    for (const part of partsOf(next)) if (typeof part === "object" && part !== null) pending.push(part);
  }
  return value;
}

/** Freezes one object, if it is of a kind that is, and says what stands in it. */
function partsOf(value: object): Iterable<unknown> {
  // Its handler could throw, or go on without end.
  if (types.isProxy(value)) return [];
  if (Array.isArray(value)) return Object.freeze(value) as readonly unknown[];
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Set) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return [];
  Object.freeze(value);
  // A getter would be called by reading it.
  return Object.values(Object.getOwnPropertyDescriptors(value)).map((property) => property.value as unknown);
}
