import type { FaultEvent, ReadEvent } from "../history/event.ts";
import type { Invariant, Violation } from "./invariant.ts";

/** A queued invalidation lets an older value be found again until it has been done: judged where nothing goes wrong. */
const HEALED_AFTER_MS = 5_000;

/** Where a value was held, and not just loaded. */
const held = new Set(["lru", "redis"]);

export const monotonicReads: Invariant = {
  id: "I5",
  says: "without faults, what a process reads of a key from its tiers never gets older",
  judge: (history) => {
    const faults = history.of("fault");
    return history.changedKeys.flatMap((key) => {
      const byProcess = Map.groupBy(
        history.firmReadsOf(key).filter(({ source }) => held.has(source)),
        ({ process }) => process,
      );
      return [...byProcess.values()].flatMap((reads) => goingBack(reads, faults));
    });
  },
};

function goingBack(reads: readonly ReadEvent[], faults: readonly FaultEvent[]): Violation[] {
  const found: Violation[] = [];
  // In the order of their ends: the newest so far is compared with those that began after it had ended.
  let newest: ReadEvent | undefined;
  for (const read of reads) {
    if (newest !== undefined && read.from > newest.to && read.version < newest.version) {
      const [first, last] = [newest.from, read.to];
      const isQuiet = !faults.some(({ from, to }) => from < last && to + HEALED_AFTER_MS > first);
      const what = `${read.process} read version ${read.version} of ${read.key} from ${read.source} after version ${newest.version} from ${newest.source}`;
      if (isQuiet) found.push({ at: read.to, what, because: [newest, read] });
    }
    if (newest === undefined || read.version > newest.version) newest = read;
  }
  return found;
}
