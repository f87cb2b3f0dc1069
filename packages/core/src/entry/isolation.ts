import { types } from "node:util";
import { copyOf } from "./copy.ts";

/**
 * What keeps a caller who changes a value from changing it for everybody, as all callers share the values of the local
 * tier:
 *
 * - `freeze`: values are frozen when they were loaded, set or found in a remote tier, so that a change throws where it is
 *   made. Plain objects and lists are, and what stands in them and in a `Map` or `Set`; instances of classes, dates, bytes
 *   and the `Map` or `Set` itself stay as they are. What is handed to `set`, and what a loader returns, is frozen too.
 * - `clone`: what is kept is a copy, and every caller gets one of his own, as `structuredClone` makes it, with bytes as they
 *   are. A hit costs what that costs. A loaded value that has no copy is handed out and not kept.
 * - `share`: nothing. A change is seen by all.
 */
export type Isolation = "freeze" | "clone" | "share";

/**
 * A value that was loaded or set, as it may be kept.
 *
 * @throws What {@link copyOf} throws for a value that is to be cloned and cannot.
 */
export function keepable<V>(value: V, isolation: Isolation): V {
  if (isolation === "share") return value;
  return isolation === "freeze" ? deepFreeze(value) : copyOf(value);
}

/** A value that was loaded, as its readers may share it: also where it was not kept. */
export function shareable<V>(value: V, isolation: Isolation): V {
  // What was kept is frozen already, and no need to go through it again.
  return isolation === "freeze" && !Object.isFrozen(value) ? deepFreeze(value) : value;
}

/**
 * Freezes plain objects and lists as deep as they go, also below what is frozen already. Calls nothing of theirs and never
 * throws; a cycle or the depth of a value does not keep it from ending.
 */
export function deepFreeze<T>(value: T): T {
  if (!isObject(value)) return value;
  // A set instead of recursion: a value may be nested deeper than the stack allows. It grows while it is gone through.
  const found = new Set<object>([value]);
  for (const each of found) for (const part of frozenPartsOf(each)) if (isObject(part)) found.add(part);
  return value;
}

/** Freezes one object, if it is of a kind that is, and says what stands in it. */
function frozenPartsOf(value: object): Iterable<unknown> {
  // Its handler could throw, or go on without end.
  if (types.isProxy(value)) return [];
  if (types.isMap(value)) return [...Map.prototype.keys.call(value), ...Map.prototype.values.call(value)];
  if (types.isSet(value)) return Set.prototype.values.call(value);
  const isList = Array.isArray(value);
  const prototype: unknown = isList ? null : Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return [];
  freeze(value);
  // A list's own values and not its iterator, which may be anybody's and stops at every gap.
  if (isList) return Object.values(value);
  // A getter would be called by reading it.
  return Reflect.ownKeys(value).map((key) => Reflect.getOwnPropertyDescriptor(value, key)?.value as unknown);
}

function freeze(value: object): void {
  try {
    Object.freeze(value);
  } catch {
    // Bytes and what a module exports cannot be frozen, whatever prototype they have.
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
