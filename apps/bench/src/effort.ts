/** How much is done for a figure. */
export interface Effort {
  readonly name: "smoke" | "quick" | "full";
  /** How many rounds are counted; 0 for one that nothing comes before. */
  readonly rounds: number;
  /** The part of a case's own number of times that is done in a round. */
  readonly part: number;
}

/** By name: only whether it runs and is right; a first look; what is written down. */
export const efforts: Readonly<Record<Effort["name"], Effort>> = {
  smoke: { name: "smoke", rounds: 0, part: 0 },
  quick: { name: "quick", rounds: 5, part: 0.25 },
  full: { name: "full", rounds: 15, part: 1 },
};
