import type { Invariant } from "./invariant.ts";

export const convergence: Invariant = {
  id: "I10",
  says: "at rest every process reads what the database has",
  judge: (history) =>
    history
      .of("read")
      .filter(({ quiet }) => quiet === true)
      .filter(({ key, version, stale }) => stale !== undefined || version !== history.rowOf(key))
      .map((read) => {
        const flag = read.stale === undefined ? "" : `, flagged ${read.stale}`;
        const what = `at rest ${read.process} has version ${read.version} of ${read.key} by ${read.operation} from ${read.source}${flag}; the database has ${history.rowOf(read.key)}`;
        const changes = history.changesOf(read.key).filter(({ version }) => version > read.version);
        return { at: read.to, what, because: [...changes.slice(0, 1), read] };
      }),
};
