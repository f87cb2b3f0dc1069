import type { Case } from "../case.ts";
import { batches } from "./batches.ts";
import { codecs } from "./codecs.ts";
import { fenceCosts } from "./fence-costs.ts";
import { imports } from "./imports.ts";
import { invalidations } from "./invalidations.ts";
import { localHits } from "./local-hits.ts";
import { memory } from "./memory.ts";
import { misses } from "./misses.ts";
import { outages } from "./outages.ts";
import { coarseHits, ownHits } from "./own-hits.ts";
import { remoteHits } from "./remote-hits.ts";
import { seenHits } from "./seen-hits.ts";
import { sizes } from "./sizes.ts";
import { stampedes } from "./stampedes.ts";
import { wrappers } from "./wrappers.ts";

/** Everything that is measured, in the order of the table. */
export const cases: readonly Case[] = [
  ...localHits,
  ...ownHits,
  ...seenHits,
  ...remoteHits,
  ...misses,
  ...batches,
  ...invalidations,
  ...fenceCosts,
  ...stampedes,
  ...outages,
  ...memory,
  ...imports,
  ...sizes,
  ...codecs,
  ...wrappers,
  ...coarseHits,
];

/**
 * The cases whose names begin with one of these; all of them where there is none.
 *
 * @throws an `Error` for one that no case begins with
 */
export function casesNamed(beginnings: readonly string[]): readonly Case[] {
  const lost = beginnings.find((beginning) => !cases.some(({ name }) => name.startsWith(beginning)));
  if (lost !== undefined)
    throw new Error(`There is no case "${lost}"; one of: ${cases.map(({ name }) => name).join(", ")}`);
  return beginnings.length === 0
    ? cases
    : cases.filter(({ name }) => beginnings.some((beginning) => name.startsWith(beginning)));
}
