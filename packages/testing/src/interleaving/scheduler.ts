import type { Footprint } from "./footprint.ts";

/** What may go wrong in an interleaving: a call fails, a bus breaks, or time passes although something else could happen. */
export type FaultKind = "call" | "bus" | "time";

/** All of it. */
export const ALL_FAULTS: readonly FaultKind[] = ["call", "bus", "time"];

/** One thing that may happen next in an interleaving. */
export interface Step {
  /** Tells it from every other step of the interleaving, in every run that has come the same way. */
  readonly label: string;
  readonly touches: Footprint;
  /** Of a step by which something goes wrong. */
  readonly fault?: FaultKind | undefined;
  /** Of a step that need not happen at all: it must be tried wherever it is possible. */
  readonly isOptional?: boolean | undefined;
}

/** Decides which of the possible steps come next, in one run after another. */
export interface Scheduler {
  /**
   * The step to take next. `undefined` ends the run: whatever could follow has been seen in another order.
   *
   * @param possible - At least one.
   */
  choose<S extends Step>(possible: readonly S[]): S | undefined;
  /** Begins the next run. Returns `false` when there is none. */
  advance(): boolean;
}
