import type { ReadEvent } from "../history/event.ts";
import { classOf } from "../key-space.ts";
import type { Invariant } from "./invariant.ts";

/** Why a value of each namespace may be flagged. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  soft: ["revalidating", "uncertified", "perhaps"],
  other: ["uncertified", "perhaps"],
};

export const staleHonesty: Invariant = {
  id: "I23",
  says: "a flagged value is flagged for a reason, and no older than the rules allow",
  judge: (history) =>
    history
      .of("read")
      .filter((read) => read.stale !== undefined)
      .flatMap((read) => {
        const namespace = classOf(read.key) === "soft" ? "soft" : "other";
        const mostMs = history.bounds.flaggedAgeMs[namespace] ?? 0;
        const isAllowed = allowed[namespace]?.includes(read.stale ?? "") === true;
        if (isAllowed && ageAtBeginning(read) <= mostMs) return [];
        const what = `${read.process} was given ${read.key} flagged ${read.stale}, ${Math.round(read.ageMs ?? 0)} ms old`;
        return [{ at: read.to, what, because: [read] }];
      }),
};

/** The age is told at the end, and a process may have stood still in between. */
function ageAtBeginning({ ageMs = 0, from, to }: ReadEvent): number {
  return ageMs - (to - from);
}
