import { KEY_COUNTS, keyOf } from "../key-space.ts";
import { monotonicMs } from "../monotonic.ts";
import type { Operation, OperationPlace } from "./operation.ts";

/** Which keys are being set: the versions of one must arrive in their order. */
const busy = new Set<string>();

/** Changes a row, then sets its key to what it is now. Each such key has one process that does so. */
export const set: Operation = {
  name: "set",
  weight: 0.8,
  keys: (place) => [ownKey(place)],
  async run({ caches, database, recorder }, [key = ""]) {
    if (busy.has(key)) return;
    busy.add(key);
    const version = await database.write(key);
    const [from, load] = [monotonicMs(), caches.nextName()];
    // From where the value is, should somebody read it before this has ended.
    recorder.add({ kind: "load", key, load, version, from, to: from });
    let status: "done" | "queued" | "failed" = "failed";
    try {
      ({ status } = await caches.of(key).set(key, { key, version, load, notes: [] }));
    } finally {
      busy.delete(key);
      recorder.add({ kind: "change", operation: "set", key, version, from, to: monotonicMs(), status, load });
    }
  },
};

function ownKey({ worker, workers, random }: OperationPlace): string {
  const own = Math.floor(KEY_COUNTS.owned / workers);
  return keyOf("owned", worker * own + random.below(own));
}
