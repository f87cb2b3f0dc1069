import type { Invariant } from "./invariant.ts";
import { lateReadsOf, violationBy } from "./stale-read.ts";
import { supersededLoads } from "./superseded-load.ts";

const together: ReadonlySet<string> = new Set(["invalidateTags", "deleteByTags", "clear"]);

/** Whether what is read is too old by itself, or what a load has brought that began too early. */
export const tagged: Invariant = {
  id: "I24",
  says: "I1 and I4 for what goes with a tag, declared or named late, or was cleared",
  judge: (history) => {
    const late = lateReadsOf(history).filter(({ missed }) => together.has(missed.change.operation));
    return [...late.map(violationBy), ...supersededLoads(history, ({ operation }) => together.has(operation))];
  },
};
