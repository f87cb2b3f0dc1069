import type { EchoEvent } from "../history/event.ts";
import type { Invariant } from "./invariant.ts";

export const certifiedHits: Invariant = {
  id: "I6",
  says: "a local tier answers only within the horizon of an echo that has come back",
  judge: (history) => {
    const { horizonMs } = history.bounds;
    const echoes = Map.groupBy(history.of("echo"), ({ process }) => process);
    return history.firmReads
      .filter(({ source }) => source === "lru")
      .filter((read) => !isProved(echoes.get(read.process) ?? [], read.from - horizonMs, read.to))
      .map((read) => ({
        at: read.to,
        what: `${read.process} answered ${read.key} by itself without proof`,
        because: [...(echoes.get(read.process) ?? []).filter(({ to }) => to <= read.to).slice(-1), read],
      }));
  },
};

/** Whether an echo was sent after one instant and had come back by another. */
function isProved(echoes: readonly EchoEvent[], sentAfter: number, backBy: number): boolean {
  let [low, high] = [0, echoes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((echoes[middle] as EchoEvent).to > backBy) high = middle;
    else low = middle + 1;
  }
  // Echoes come back in the order in which they were sent, but for those of a connection that has broken.
  return echoes.slice(Math.max(0, low - 8), low).some(({ from }) => from >= sentAfter);
}
