import type { Duel } from "./duel.ts";

/** The most that a change may take, as a part of what the base takes. */
export const LIMIT = 1.1;

/** How often a change must be found slower to be believed so. */
const TIMES = 3;

/** Whether a case has become slower, and the duels that say so. */
export interface Verdict {
  readonly isSlower: boolean;
  readonly duels: readonly Duel[];
}

/**
 * A change is slower if it is found so by three pairs of processes, one after the other: how code comes to lie in memory, or a
 * neighbour on the machine, may slow down one. The first that finds it is not ends the matter.
 */
export async function verdictOf(fight: () => Promise<Duel>): Promise<Verdict> {
  const duels: Duel[] = [];
  while (duels.length < TIMES) {
    const duel = await fight();
    duels.push(duel);
    if (!(duel.ratio > LIMIT)) return { isSlower: false, duels };
  }
  return { isSlower: true, duels };
}
