import { classOf } from "../key-space.ts";
import { monotonicMs } from "../monotonic.ts";
import { keyToChange } from "./key-choice.ts";
import type { Operation, OperationPlace } from "./operation.ts";

/** Changes a row in the database, then invalidates its key. */
export const invalidate: Operation = {
  name: "invalidate",
  weight: 6,
  keys: ({ random }) => [keyToChange(random)],
  run: (place, [key = ""]) => change(place, key),
};

/** Changes one row and invalidates its key. */
export async function change({ caches, database, recorder }: OperationPlace, key: string): Promise<void> {
  const version = await database.write(key);
  const from = monotonicMs();
  let status: "done" | "queued" | "failed" = "failed";
  try {
    const cache = caches.of(key);
    const telling = classOf(key) === "versioned" ? cache.invalidateMany([key], { version }) : cache.invalidate(key);
    ({ status } = await telling);
  } finally {
    recorder.add({ kind: "change", operation: "invalidate", key, version, from, to: monotonicMs(), status });
  }
}
