import type { ChangeEvent, ReadEvent } from "../history/event.ts";
import type { History } from "../history/history.ts";
import type { Invariant, Violation } from "./invariant.ts";

/** Also of a change that is only queued: this process does not read the server before it is done. */
export const noJoinAcrossChange: Invariant = {
  id: "I2",
  says: "a read after a change in the same process returns no load begun before it",
  judge: (history) =>
    history.changedKeys.flatMap((key) =>
      history
        .changesOf(key)
        .filter(({ status }) => status !== "failed")
        .flatMap((change) => joined(history, change)),
    ),
};

function joined(history: History, change: ChangeEvent): readonly Violation[] {
  return history
    .firmReadsOf(change.key)
    .filter((read) => read.process === change.process && read.from > change.to && isOlder(history, read, change))
    .map((read) => ({
      at: read.to,
      what: `${read.process} read from ${read.source} what a load brought that had begun before its own ${change.operation}`,
      because: [change, read],
    }));
}

function isOlder(history: History, { load }: ReadEvent, { from }: ChangeEvent): boolean {
  const made = history.loadNamed(load);
  return made !== undefined && made.from < from;
}
