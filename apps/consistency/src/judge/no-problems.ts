import type { HistoryEvent } from "../history/event.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const noProblems: Invariant = {
  id: "I21",
  says: "nothing is left unhandled, and no operation fails",
  judge: (history) => [
    ...history.of("problem").map((event) => violation(event, `${event.process}: ${event.what}`)),
    ...history
      .of("read")
      .filter(({ error }) => error !== undefined)
      .map((event) => violation(event, `${event.operation} of ${event.key} in ${event.process}: ${event.error}`)),
    ...history
      .of("change")
      .filter(({ status }) => status === "failed")
      .map((event) => violation(event, `${event.operation} of ${event.key} in ${event.process} failed`)),
  ],
};

function violation(event: HistoryEvent, what: string): Violation {
  return { at: event.to, what, because: [event] };
}
