import { KEY_COUNTS, keyOf } from "../key-space.ts";
import { monotonicMs } from "../monotonic.ts";
import type { Operation } from "./operation.ts";

const KEYS = 6;

/** Changes several rows, then deletes all of their keys at once. */
export const deleteMany: Operation = {
  name: "deleteMany",
  weight: 0.6,
  keys: ({ random }) => [...new Set(Array.from({ length: KEYS }, () => keyOf("warm", random.below(KEY_COUNTS.warm))))],
  async run({ caches, database, recorder }, keys) {
    const [first = ""] = keys;
    const versions = await Promise.all(keys.map((key) => database.write(key)));
    const from = monotonicMs();
    let status: "done" | "queued" | "failed" = "failed";
    try {
      ({ status } = await caches.of(first).deleteMany(keys));
    } finally {
      const to = monotonicMs();
      for (const [index, key] of keys.entries()) {
        recorder.add({ kind: "change", operation: "deleteMany", key, version: versions[index] ?? 0, from, to, status });
      }
    }
  },
};
