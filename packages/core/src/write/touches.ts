import type { Clock, Ms } from "../contracts/clock.ts";

/** Of more keys nobody remembers which they were. */
const MAX_KEYS = 1_000;

/**
 * Which keys of a namespace were written or removed lately, as far as this process has done or heard it. A flight is told of that
 * itself; this is for keys of which it was not known at the time that anybody would bring something.
 */
export class Touches {
  readonly #clock: Clock;
  /** By id, when it was last touched; the latest last. */
  readonly #at = new Map<string, Ms>();
  /** Up to then any key may have been touched. */
  #anyUntil: Ms = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A key was written or removed. */
  note(id: string): void {
    this.#at.delete(id);
    this.#at.set(id, this.#clock.now());
    const [oldest] = this.#at;
    if (this.#at.size <= MAX_KEYS || oldest === undefined) return;
    this.#at.delete(oldest[0]);
    this.#anyUntil = Math.max(this.#anyUntil, oldest[1]);
  }

  /** Many were, and nobody says which. */
  noteAny(): void {
    this.#at.clear();
    this.#anyUntil = this.#clock.now();
  }

  /** Whether a key was touched at an instant or after it, or may have been. */
  hasSince(instant: Ms, id: string): boolean {
    return this.#anyUntil >= instant || (this.#at.get(id) ?? Number.NEGATIVE_INFINITY) >= instant;
  }
}
