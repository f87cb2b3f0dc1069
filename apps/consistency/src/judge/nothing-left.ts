import type { Invariant } from "./invariant.ts";

/** A timer, a socket or a promise that is kept for nothing keeps its process alive. */
export const nothingLeft: Invariant = {
  id: "I22",
  says: "once its cache is closed a process ends by itself",
  judge: (history) =>
    history
      .of("end")
      .filter(({ byItself, code }) => !byItself || code !== 0)
      .map((event) => ({
        at: event.to,
        what: event.byItself ? `${event.worker} ended with ${event.code}` : `${event.worker} did not end by itself`,
        because: [event],
      })),
};
