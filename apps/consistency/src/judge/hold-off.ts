import { classOf } from "../key-space.ts";
import type { Invariant } from "./invariant.ts";
import { lateReadsOf, violationBy } from "./stale-read.ts";

export const holdOff: Invariant = {
  id: "I18",
  says: "I1 for what is kept of a replica that lags less than the hold-off behind",
  judge: (history) =>
    lateReadsOf(history)
      .filter(({ read }) => classOf(read.key) === "lagging")
      .map(violationBy),
};
