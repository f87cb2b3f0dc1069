import { C1 } from "msgpackr";
import type { Step } from "./value-path.ts";

/*
 * MessagePack as msgpackr speaks it has no `Map` beside the object and no minus zero. A value that contains one of them
 * is encoded as a list of three: a mark that no other value can begin with, the value with plainer ones in their place,
 * and which of those are to be put back, the innermost first.
 */

/** A list of three, and the byte that MessagePack never uses: msgpackr's `C1`. */
const LIST_OF_THREE = 0x93;
const MARK = 0xc1;

/** `"-"`: a 0 that was -0. `"m"`: a list of pairs that was a Map. `"s"`: a list that was a Set. */
type Was = "-" | "m" | "s";
type Lifted = readonly [was: Was, path: readonly Step[]];

/** Whether bytes are those of a lifted value. */
export function isLifted(bytes: Uint8Array): boolean {
  return bytes[0] === LIST_OF_THREE && bytes[1] === MARK;
}

/** What to encode in place of a value that contains a Map or a minus zero. The value itself is not touched. */
export function lift(value: unknown): unknown {
  const lifted: Lifted[] = [];
  return [C1, plainer(value, [], lifted), lifted];
}

/**
 * Undoes {@link lift} on what was decoded, in place.
 *
 * @throws `TypeError` when nothing like it was lifted: the bytes are not ours.
 */
export function restore(decoded: unknown): unknown {
  const [, value, lifted] = decoded as [unknown, unknown, unknown];
  if (!Array.isArray(lifted)) throw new TypeError("No list of what was lifted");
  const root = { value };
  for (const [was, path] of lifted as Lifted[]) putBack(root, was, path);
  return root.value;
}

function plainer(value: unknown, path: readonly Step[], lifted: Lifted[]): unknown {
  if (Object.is(value, -0)) {
    lifted.push(["-", path]);
    return 0;
  }
  if (Array.isArray(value)) return value.map((item, index) => plainer(item, [...path, index], lifted));
  if (value instanceof Map) {
    const pairs = [...value].map((pair, index) =>
      pair.map((item, side) => plainer(item, [...path, index, side], lifted)),
    );
    lifted.push(["m", path]);
    return pairs;
  }
  if (value instanceof Set) {
    // No path leads into a Set.
    const items = [...value].map((item, index) => plainer(item, [...path, index], lifted));
    lifted.push(["s", path]);
    return items;
  }
  return isRecord(value) ? plainerRecord(value, path, lifted) : value;
}

function plainerRecord(record: object, path: readonly Step[], lifted: Lifted[]): object {
  const entries = Object.entries(record);
  return Object.fromEntries(entries.map(([key, item]) => [key, plainer(item, [...path, key], lifted)]));
}

function isRecord(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Replaces what stands at a path below `root.value`. Goes through own properties alone, as the bytes may be anyone's. */
function putBack(root: { value: unknown }, was: Was, path: readonly Step[]): void {
  let holder: object = root;
  let last: Step = "value";
  for (const step of path) {
    holder = own(holder, last) as object;
    last = step;
  }
  (holder as Record<Step, unknown>)[last] = original(was, own(holder, last));
}

function own(holder: object, step: Step): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, step))
    throw new TypeError("No such path");
  return (holder as Readonly<Record<Step, unknown>>)[step];
}

function original(was: Was, plain: unknown): unknown {
  if (was === "-" && plain === 0) return -0;
  if (was === "m" && Array.isArray(plain)) return new Map(plain as [unknown, unknown][]);
  if (was === "s" && Array.isArray(plain)) return new Set(plain);
  throw new TypeError("Not what was lifted");
}
