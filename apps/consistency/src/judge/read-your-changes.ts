import type { Invariant } from "./invariant.ts";
import { mayBeOld } from "./stale-read.ts";

export const readYourChanges: Invariant = {
  id: "I3",
  says: "the process that changed a key reads nothing older from then on",
  judge: (history) =>
    history.changedKeys.flatMap((key) => {
      const changes = history.changesOf(key).filter(({ status }) => status !== "failed");
      return history.firmReadsOf(key).flatMap((read) => {
        if (mayBeOld(read)) return [];
        const change = changes.find(
          ({ process, to, version }) => process === read.process && to < read.from && version > read.version,
        );
        if (change === undefined) return [];
        const what = `${read.process} read version ${read.version} of ${key} from ${read.source} after its own ${change.operation} of version ${change.version} (${change.status})`;
        return [{ at: read.to, what, because: [change, read] }];
      });
    }),
};
