import { isReplicated } from "../key-space.ts";
import type { Invariant } from "./invariant.ts";
import { lateReadsOf, violationBy } from "./stale-read.ts";

export const holdOff: Invariant = {
  id: "I18",
  says: "I1 for what is kept of a replica that lags behind, with hold-offs and with versions",
  judge: (history) =>
    lateReadsOf(history)
      .filter(({ read }) => isReplicated(read.key))
      .map(violationBy),
};
