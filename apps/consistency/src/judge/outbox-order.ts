import { flushedAt } from "../history/acknowledgement.ts";
import type { TierReadEvent } from "../history/event.ts";
import type { History } from "../history/history.ts";
import type { Invariant } from "./invariant.ts";

export const outboxOrder: Invariant = {
  id: "I14",
  says: "a process reads no key from the server before its own queued change of it was done",
  judge: (history) => {
    const reads = tierReads(history);
    return history
      .of("change")
      .filter(({ status }) => status === "queued")
      .flatMap((change) => {
        const { process, key, to } = change;
        const until = flushedAt(change, history.removalsOf(change)) ?? Number.POSITIVE_INFINITY;
        const early = (reads.get(process)?.get(key) ?? []).filter((read) => read.from > to && read.to < until);
        return early.slice(0, 1).map((read) => ({
          at: read.to,
          what: `${process} read ${key} from the server while its own ${change.operation} was queued`,
          because: [change, read],
        }));
      });
  },
};

function tierReads(history: History): ReadonlyMap<string, ReadonlyMap<string, readonly TierReadEvent[]>> {
  const byProcess = new Map<string, Map<string, TierReadEvent[]>>();
  for (const read of history.of("tier-read")) {
    if (!read.done) continue;
    const byKey = byProcess.get(read.process) ?? new Map<string, TierReadEvent[]>();
    byProcess.set(read.process, byKey);
    for (const key of read.keys) {
      const others = byKey.get(key);
      if (others === undefined) byKey.set(key, [read]);
      else others.push(read);
    }
  }
  return byProcess;
}
