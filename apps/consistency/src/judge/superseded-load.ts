import type { Acknowledgement } from "../history/acknowledgement.ts";
import type { ChangeEvent, ReadEvent } from "../history/event.ts";
import type { History } from "../history/history.ts";
import { classOf } from "../key-space.ts";
import type { Invariant, Violation } from "./invariant.ts";

/** The result of a load that began before an acknowledged change is not seen any longer once that is D old. */
export function supersededLoads(
  history: History,
  isOfInterest: (change: ChangeEvent) => boolean,
): readonly Violation[] {
  return history.changedKeys.flatMap((key) => {
    const acknowledged = history.acknowledgementsOf(key).filter(({ change }) => isOfInterest(change));
    return history.firmReadsOf(key).flatMap((read) => {
      const missed = acknowledged.find((each) => outlives(history, read, each));
      if (missed === undefined) return [];
      const lateMs = Math.round(read.from - missed.at);
      const what = `${read.process} read from ${read.source} what a load brought that had begun before the ${missed.change.operation} acknowledged ${lateMs} ms ago`;
      return [{ at: read.to, what, because: [missed.change, read] }];
    });
  });
}

function outlives(history: History, read: ReadEvent, { change, at }: Acknowledgement): boolean {
  if (at + history.bounds.stalenessMs >= read.from) return false;
  const load = history.loadNamed(read.load);
  return load !== undefined && load.from < change.from;
}

export const exactCommits: Invariant = {
  id: "I4",
  says: "what a load brings that began before an acknowledged change is not kept",
  judge: (history) => supersededLoads(history, ({ key }) => classOf(key) !== "soft"),
};

export const exactRefreshes: Invariant = {
  id: "I13",
  says: "the same for refreshes behind a stale value",
  judge: (history) => supersededLoads(history, ({ key }) => classOf(key) === "soft"),
};
