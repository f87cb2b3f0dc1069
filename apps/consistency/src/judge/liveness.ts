import type { FaultEvent, HistoryEvent } from "../history/event.ts";
import type { Invariant } from "./invariant.ts";

export const liveness: Invariant = {
  id: "I11",
  says: "every operation ends in time",
  judge: (history) => {
    const pauses = history.of("fault").filter(({ fault }) => fault === "pause-worker");
    const { operationMs } = history.bounds;
    const late = [...history.of("read"), ...history.of("change")].filter(
      (event) => event.to - event.from - pausedMs(event, pauses) > operationMs,
    );
    return [
      ...late.map((event) => ({
        at: event.to,
        what: `${event.operation} of ${event.key} in ${event.process} took ${Math.round(event.to - event.from)} ms`,
        because: [event],
      })),
      ...history.of("unfinished").map((event) => ({
        at: event.to,
        what: `${event.operation} of ${event.key} in ${event.process} did not end`,
        because: [event],
      })),
    ];
  },
};

function pausedMs({ process, from, to }: HistoryEvent, pauses: readonly FaultEvent[]): number {
  return pauses
    .filter(({ target }) => target === process)
    .reduce((sum, pause) => sum + Math.max(0, Math.min(to, pause.to) - Math.max(from, pause.from)), 0);
}
