import { type Budget, timeWeights, weights } from "./budget.ts";

/*
 * The first codec of this package stood on msgpackr, which has no minus zero and no `Map` beside the object. A value that
 * contained one of these, or a `Set`, was written as a list of three: the byte that MessagePack never uses, the value with
 * plainer ones in their place, and a list of what was to be put back, the innermost first.
 */

/** A list of three, and the byte that MessagePack never uses. */
export const LIFTED: readonly [number, number] = [0x93, 0xc1];

/** `"-"`: a 0 that was -0. `"m"`: a list of pairs that was a Map. `"s"`: a list that was a Set. */
type Lifted = readonly [was: unknown, path: unknown];

/**
 * Puts back what was lifted out of a value, in place. Goes through own properties alone, as the bytes may be anyone's.
 *
 * @throws `TypeError` when nothing like it was lifted.
 */
export function restore(value: unknown, lifted: unknown, budget: Budget): unknown {
  const root = { value };
  for (const item of listOf(lifted)) {
    const [was, path] = listOf(item) as Lifted;
    let holder: object = root;
    let last = "value";
    for (const step of listOf(path)) {
      holder = own(holder, last) as object;
      last = String(step);
      budget.spendTime(timeWeights.step);
    }
    const plain = own(holder, last);
    (holder as Record<string, unknown>)[last] = original(was, plain, budget);
  }
  return root.value;
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError("No list");
  return value;
}

function own(holder: unknown, step: string): unknown {
  if (typeof holder !== "object" || holder === null || !Object.hasOwn(holder, step))
    throw new TypeError("No such path");
  return (holder as Readonly<Record<string, unknown>>)[step];
}

function original(was: unknown, plain: unknown, budget: Budget): unknown {
  if (was === "-" && plain === 0) return -0;
  const items = listOf(plain);
  budget.spend(weights.mapOrSet);
  if (was === "s") {
    for (const item of items) budget.spendHashed(item);
    return new Set(items);
  }
  if (was !== "m") throw new TypeError("Nothing that is lifted");
  const pairs = items.map(listOf) as [unknown, unknown][];
  for (const [key] of pairs) budget.spendHashed(key);
  return new Map(pairs);
}
