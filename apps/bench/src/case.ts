import type { Bench } from "./bench.ts";
import type { Comparison } from "./comparison.ts";

/** A bound that one contender is to keep. */
export interface Goal {
  readonly contender: string;
  /** Of this figure; of its ratio to the floor, where none is named. */
  readonly figure?: string;
  readonly atMost: number;
}

/** One thing that is measured. Made of comparisons when it is its turn, so that what it needs lives no longer. */
export interface Case {
  /** Names it to `--only` and in documents: small letters, digits and `-`. */
  readonly name: string;
  /** What is done, in the words of the table. */
  readonly title: string;
  /** How many rounds, where the number of the run is too many or too few; 0 for one that nothing comes before. */
  readonly rounds?: number;
  /** Whether it is compared with the commit before, on every change. */
  readonly core?: boolean;
  readonly goals?: readonly Goal[];
  /** Makes everything ready; what is to be closed is given to the bench. */
  prepare(bench: Bench): Promise<Comparison>;
}
