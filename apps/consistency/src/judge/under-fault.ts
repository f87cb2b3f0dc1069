import type { History } from "../history/history.ts";
import type { Invariant } from "./invariant.ts";
import { lateReadsOf, type StaleRead, violationBy } from "./stale-read.ts";

/* What the first invariant says, in particular circumstances. */

/** Every worker's date is set apart from the others', and set again every few seconds. */
export const clockIndependence: Invariant = {
  id: "I7",
  says: "I1 while the dates of all processes are wrong",
  judge: (history) => lateReadsOf(history).map(violationBy),
};

export const evictionSafety: Invariant = {
  id: "I8",
  says: "I1 for keys that were evicted, or the tokens of their tags",
  judge: (history) => {
    const evicted = new Map<string, number>();
    for (const { fault, keys = [], to } of history.of("fault")) {
      if (fault.startsWith("evict-")) for (const key of keys) evicted.set(key, Math.min(to, evicted.get(key) ?? to));
    }
    return late(history, ({ read }) => (evicted.get(read.key) ?? Number.POSITIVE_INFINITY) < read.from);
  },
};

export const identityChange: Invariant = {
  id: "I9",
  says: "I1 for what was acknowledged before the server came back with older data",
  judge: (history) => {
    const restarts = history.of("fault").filter(({ fault, done }) => fault === "restart-old" && done);
    return late(history, ({ read, missed }) =>
      restarts.some(({ from, to }) => missed.at < to && missed.at > from && read.to > to),
    );
  },
};

export const partialBatches: Invariant = {
  id: "I17",
  says: "I1 for keys that were deleted together",
  judge: (history) => late(history, ({ missed }) => missed.change.operation === "deleteMany"),
};

function late(history: History, isOfInterest: (stale: StaleRead) => boolean): ReturnType<Invariant["judge"]> {
  return lateReadsOf(history).filter(isOfInterest).map(violationBy);
}
