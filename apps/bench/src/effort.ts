/** How much is done for a figure. */
export interface Effort {
  readonly name: "smoke" | "quick" | "full";
  /** How many rounds are counted; 0 for one that nothing comes before. */
  readonly rounds: number;
  /** The part of a case's own number of times that is done in a round. */
  readonly part: number;
  /** How long a cache may wait for Redis, in place of what it waits by itself: where speed is of no interest, a busy machine is not to matter. */
  readonly deadlineMs?: number;
}

/** By name: only whether it runs and is right; a first look; what is written down. */
export const efforts: Readonly<Record<Effort["name"], Effort>> = {
  smoke: { name: "smoke", rounds: 0, part: 0, deadlineMs: 20_000 },
  quick: { name: "quick", rounds: 5, part: 0.25 },
  full: { name: "full", rounds: 15, part: 1 },
};
