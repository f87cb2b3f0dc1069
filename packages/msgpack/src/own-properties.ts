import { isDeepStrictEqual } from "node:util";

/** Up to here the fastest way to see that a list has nothing but its items is to count its keys. */
const SHORT_LIST = 32;

/** Whether a loop over its keys comes by anything. */
export function hasEnumerable(object: object): boolean {
  for (const _ in object) return true;
  return false;
}

/** Whether an object has properties of its own, beside what makes it a `Date`, a `Map` or a `Set`. */
export function hasOwnProperties(object: object): boolean {
  return Object.keys(object).length > 0 || hasSymbols(object);
}

/** Whether an object has keys that are symbols. */
export function hasSymbols(object: object): boolean {
  return Object.getOwnPropertySymbols(object).length > 0;
}

/** Whether a list has no properties but its items. A short one with holes has not. */
export function hasItemsAlone(list: readonly unknown[]): boolean {
  if (list.length <= SHORT_LIST) return Object.keys(list).length === list.length;
  // A copy has the items alone. As they are the same ones, they are compared by identity.
  return isDeepStrictEqual(list, list.slice());
}
