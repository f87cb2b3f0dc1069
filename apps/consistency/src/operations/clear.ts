import { keysOf } from "../key-space.ts";
import { changeTogether } from "./change-together.ts";
import type { Operation } from "./operation.ts";

/** Changes all rows of a namespace, then clears it. */
export const clear: Operation = {
  name: "clear",
  weight: 0.08,
  keys: () => keysOf("cleared"),
  run: (place, keys) => {
    const [first = ""] = keys;
    const { caches } = place;
    return changeTogether(place, keys, {
      operation: "clear",
      told: "generation:cleared",
      tell: () => caches.of(first).clear(),
    });
  },
};
