import type { HistoryEvent } from "../history/event.ts";
import type { History } from "../history/history.ts";

/** Something that must hold in every history. */
export interface Invariant {
  /** Its number in the design. */
  readonly id: string;
  /** What it says, in a few words. */
  readonly says: string;
  judge(history: History): readonly Violation[];
}

/** A place of a history where an invariant does not hold. */
export interface Violation {
  readonly at: number;
  /** What is wrong there. */
  readonly what: string;
  /** The events that show it; those that explain them are looked up when it is told. */
  readonly because: readonly HistoryEvent[];
}
