import type { ReadEvent } from "../history/event.ts";
import { monotonicMs } from "../monotonic.ts";
import { errorName } from "./error-name.ts";
import { keyToRead } from "./key-choice.ts";
import type { Operation, OperationPlace } from "./operation.ts";
import { failedRead, readOf, spoil } from "./read-outcome.ts";

const SPOILED_SHARE = 0.02;

/** Reads one key with its origin. */
export const read: Operation = {
  name: "read",
  weight: 60,
  keys: ({ random }) => [keyToRead(random)],
  async run(place, [key = ""]) {
    place.recorder.add(await readOnce(place, key, {}));
  },
};

/** What a read of what has come to rest does otherwise. */
export interface ReadManner {
  readonly quiet?: boolean;
  /** Whether the server is asked, whatever is held locally. */
  readonly past?: boolean;
}

/** Reads a key. Returns what came of it; never rejects. */
export async function readOnce(
  { caches, random }: OperationPlace,
  key: string,
  { quiet, past }: ReadManner,
): Promise<Omit<ReadEvent, "process">> {
  const operation = past === true ? "read past the local tier" : "read";
  const begun = { key, operation, from: monotonicMs(), ...(quiet === true && { quiet }) };
  try {
    const skips = past === true ? { skipReading: ["lru"] } : {};
    const { value, source = "unknown", ageMs, stale } = await caches.of(key).read(key, skips);
    const event = readOf(begun, value, source);
    if (random.chance(SPOILED_SHARE)) spoil(value);
    return stale === undefined ? event : { ...event, stale, ageMs };
  } catch (error) {
    return failedRead(begun, errorName(error));
  }
}
