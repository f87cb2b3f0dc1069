import type { FrameTokens } from "../entry/frame.ts";
import { areCurrent } from "../entry/freshness.ts";
import type { Standing, TokenTrip } from "./token-trip.ts";

/** Something that was found with tokens. */
export interface Tokened {
  readonly tokens: FrameTokens;
}

/** How often tokens are read again that have ended while they were read: who ends them that fast gets misses. */
const MAX_ROUNDS = 2;

/**
 * Whether what was found in frames is still to be believed, in their order; `undefined` for what has no tokens. Takes no trip where
 * all that has to be known is known.
 */
export async function standingsOf(
  found: readonly (Tokened | string | undefined)[],
  generation: string,
  trip: TokenTrip,
): Promise<readonly (Standing | undefined)[]> {
  for (let round = 0; ; round++) {
    const standings = found.map((each) => {
      return typeof each === "object" ? trip.judge(generation, each.tokens) : undefined;
    });
    const unsure = standings.flatMap((each) => (typeof each === "object" && "unsure" in each ? each.unsure : []));
    if (unsure.length === 0 || trip.isAway) return standings;
    if (round === MAX_ROUNDS) return standings.map((each) => (isUnsure(each) ? "gone" : each));
    await trip.read(unsure);
  }
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
