import type { Invariant } from "./invariant.ts";
import { lateReadsOf, violationBy } from "./stale-read.ts";

export const boundedStaleness: Invariant = {
  id: "I1",
  says: "no read is older than a change acknowledged more than D before it",
  judge: (history) => lateReadsOf(history).map(violationBy),
};
