import type { LoadEvent } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { classOf, type KeyClass } from "../key-space.ts";
import type { Invariant } from "./invariant.ts";

/**
 * What a process hears late of a change takes from its load the right to be kept, although that began after the change. On a busy
 * machine that may be as late as this.
 */
const HEARD_WITHIN_MS = 1_000;

/** What is refreshed; what is set; what is held off; and what names its tags late, and so may not be kept at first. */
const loadedAgain: ReadonlySet<KeyClass> = new Set(["soft", "owned", "late", "lagging", "versioned"]);

/**
 * A call that failed, a lease that ran out, a key that was evicted: each allows a load more, so this is judged where nothing goes
 * wrong, and between the changes of a key.
 */
export const oneLoad: Invariant = {
  id: "I12",
  says: "without faults, a key is loaded once for all processes until it is changed",
  judge: (history) => {
    // A busy machine makes the server late: that is a fault too, and then a process loads by itself.
    if (history.of("fault").length > 0 || failuresOf(history) > 0) return [];
    const loads = Map.groupBy(
      history.of("load").filter(({ key }) => !loadedAgain.has(classOf(key))),
      ({ key }) => key,
    );
    const again = [...loads.values()].flatMap((made) => repeated(made, history));
    return again.map(([first, second]) => ({
      at: second.to,
      what: `${second.key} was loaded by ${second.process} after it had been by ${first.process}, and not changed meanwhile`,
      because: [first, second],
    }));
  },
};

function repeated(loads: readonly LoadEvent[], history: History): readonly (readonly [LoadEvent, LoadEvent])[] {
  const ordered = [...loads].sort((one, other) => one.from - other.from);
  return ordered.flatMap((second, index) => {
    const first = ordered[index - 1];
    if (first === undefined) return [];
    const isChanged = history
      .changesOf(second.key)
      .some(({ from, to }) => to > first.from - HEARD_WITHIN_MS && from < second.from);
    return isChanged ? [] : [[first, second] as const];
  });
}

function failuresOf(history: History): number {
  return history.of("count").reduce((sum, { counts }) => sum + (counts["tier-failed"] ?? 0), 0);
}
