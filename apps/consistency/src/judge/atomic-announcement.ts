import type { Invariant } from "./invariant.ts";

/** Judged by an onlooker, for what happened while it is known to have heard everything. */
export const atomicAnnouncement: Invariant = {
  id: "I16",
  says: "what the server has been told to forget was announced",
  judge: (history) => {
    const heard = new Set(history.of("heard").map(({ announce }) => announce));
    const hearing = history.of("hearing");
    return history
      .of("removal")
      .filter(({ done, announce }) => done && announce !== "" && !heard.has(announce))
      .filter((removal) => hearing.some(({ from, to }) => from < removal.from && removal.to < to))
      .map((removal) => ({
        at: removal.to,
        what: `${removal.process} had ${removal.keys.join(", ")} removed, and nobody was told`,
        because: [removal],
      }));
  },
};
