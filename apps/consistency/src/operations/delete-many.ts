import { KEY_COUNTS, keyOf } from "../key-space.ts";
import { changeTogether } from "./change-together.ts";
import type { Operation } from "./operation.ts";

const KEYS = 6;

/** Changes several rows, then deletes all of their keys at once. */
export const deleteMany: Operation = {
  name: "deleteMany",
  weight: 0.6,
  keys: ({ random }) => [...new Set(Array.from({ length: KEYS }, () => keyOf("warm", random.below(KEY_COUNTS.warm))))],
  run: (place, keys) => {
    const [first = ""] = keys;
    return changeTogether(place, keys, {
      operation: "deleteMany",
      tell: () => place.caches.of(first).deleteMany(keys),
    });
  },
};
