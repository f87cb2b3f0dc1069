import { namespaceOf } from "../key-space.ts";
import { monotonicMs } from "../monotonic.ts";
import { errorName } from "./error-name.ts";
import { keyToRead } from "./key-choice.ts";
import type { Operation } from "./operation.ts";
import { failedRead, readOf } from "./read-outcome.ts";

const KEYS = 8;

/** Gets many keys at once. What was flagged is known as little as with `get`. */
export const getMany: Operation = {
  name: "getMany",
  weight: 4,
  keys: ({ random }) =>
    [...new Set(Array.from({ length: KEYS }, () => keyToRead(random)))].filter((key) => namespaceOf(key) === "row"),
  async run({ caches, recorder }, keys) {
    const [first] = keys;
    if (first === undefined) return;
    const from = monotonicMs();
    const flagged = caches.tally.of("stale");
    try {
      const rows = await caches.of(first).getMany(keys);
      const mayBeFlagged = caches.tally.of("stale") > flagged;
      for (const [index, key] of keys.entries()) {
        const row = rows[index];
        if (row === undefined) continue;
        const event = readOf({ key, operation: "getMany", from }, row, "unknown");
        recorder.add(mayBeFlagged ? { ...event, stale: "perhaps" } : event);
      }
    } catch (error) {
      for (const key of keys) recorder.add(failedRead({ key, operation: "getMany", from }, errorName(error)));
    }
  },
};
