/** How an operation of an interleaving went. */
export interface Outcome<T = unknown> {
  /** The number of the step in which it began, from 1. */
  readonly beganAt: number;
  /** The number of the step in which it ended. What began later began after it had ended. */
  readonly endedAt: number;
  /** What it resolved to; `undefined` for one that has failed. */
  readonly value: T | undefined;
  /** What it was rejected with; `undefined` for one that has not. */
  readonly error: unknown;
}
