import type { ReadEvent } from "../history/event.ts";
import type { History } from "../history/history.ts";
import type { Invariant } from "./invariant.ts";

export const knownValues: Invariant = {
  id: "I20",
  says: "a read returns what was loaded or set under that very key, whatever lies on the server",
  judge: (history) =>
    history
      .of("read")
      .filter((read) => read.error === undefined && !isKnown(history, read))
      .map((read) => ({
        at: read.to,
        what: `${read.process} read version ${read.version} of ${read.key} from ${read.source}, which nobody has made`,
        because: [read],
      })),
};

function isKnown(history: History, { key, version, load }: ReadEvent): boolean {
  const made = history.loadNamed(load);
  return made !== undefined && made.key === key && made.version === version;
}
