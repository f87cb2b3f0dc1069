import { areCurrent } from "../entry/freshness.ts";
import type { Standing, Tokened, TokenTrip } from "./token-trip.ts";

/** How often tokens are read again that have ended while they were read: who ends them that fast gets misses. */
const MAX_ROUNDS = 2;

/** What has become of what was found in frames, in their order; `undefined` for what has no tokens. */
export type Standings = readonly (Standing | undefined)[];

/**
 * Whether what was found in frames is still to be believed. At once, and without a trip, where all that has to be known is known.
 */
export function standingsOf(
  found: readonly (Tokened | string | undefined)[],
  generation: string,
  trip: TokenTrip,
): Standings | Promise<Standings> {
  const standings = trip.judged(generation, found);
  return trip.isAway || !standings.some(isUnsure)
    ? standings
    : learned(standings, () => trip.judged(generation, found), trip);
}

async function learned(first: Standings, judgedAgain: () => Standings, trip: TokenTrip): Promise<Standings> {
  let standings = first;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    await trip.read(standings.flatMap((each) => (typeof each === "object" && "unsure" in each ? each.unsure : [])));
    standings = judgedAgain();
    if (trip.isAway || !standings.some(isUnsure)) return standings;
  }
  return standings.map((each) => (isUnsure(each) ? "gone" : each));
}

/** Whether it could not be found out what has become of something. */
export function isUnsure(standing: Standing | undefined): boolean {
  return typeof standing === "object" && "unsure" in standing;
}

/** Whether something may be believed as it is: nothing that it belongs to has ended in any way. */
export function isCurrentStanding(standing: Standing | undefined): boolean {
  if (typeof standing !== "object" || !("stamps" in standing)) return false;
  return standing.stamps === undefined || areCurrent(standing.stamps);
}
