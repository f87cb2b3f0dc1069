import { flushedAt } from "../history/acknowledgement.ts";
import type { Invariant } from "./invariant.ts";

export const outboxCompleteness: Invariant = {
  id: "I15",
  says: "a queued change is done by itself once the server is back",
  judge: (history) => {
    const restedAt = history.of("step").find(({ step }) => step === "rested")?.to ?? Number.POSITIVE_INFINITY;
    return history
      .of("change")
      .filter(({ status }) => status === "queued")
      .filter((change) => !isDoneBy(restedAt, flushedAt(change, history.removalsOf(change))))
      .map((change) => ({
        at: change.to,
        what: `the server was never told of a queued ${change.operation} of ${change.key} by ${change.process}`,
        because: [change],
      }));
  },
};

function isDoneBy(restedAt: number, at: number | undefined): boolean {
  return at !== undefined && at <= restedAt;
}
