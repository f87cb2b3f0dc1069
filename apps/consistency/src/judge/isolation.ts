import type { Invariant } from "./invariant.ts";

export const isolation: Invariant = {
  id: "I19",
  says: "who changes a value that he was given changes it for nobody else",
  judge: (history) =>
    history
      .of("read")
      .filter(({ damaged }) => damaged === true)
      .map((read) => ({
        at: read.to,
        what: `${read.process} was given a damaged value of ${read.key} from ${read.source}`,
        because: [read],
      })),
};
