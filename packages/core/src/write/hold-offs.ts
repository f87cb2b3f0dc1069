import type { Clock, Ms } from "../contracts/clock.ts";

/**
 * The keys that this process has invalidated so short a while ago that a loader may still read what was before. Remote
 * tiers with a fence say the same to all processes, by a tombstone; this is for caches that have none.
 */
export class HoldOffs {
  readonly #clock: Clock;
  readonly #until = new Map<string, Ms>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The number of keys remembered. */
  get size(): number {
    return this.#until.size;
  }

  begin(id: string, holdOffMs: Ms): void {
    const now = this.#clock.now();
    const until = Math.max(now + holdOffMs, this.#until.get(id) ?? 0);
    // At the end, so that those which end first are mostly at the front.
    this.#until.delete(id);
    this.#until.set(id, until);
    for (const [oldest, endsAt] of this.#until) {
      if (endsAt > now) break;
      this.#until.delete(oldest);
    }
  }

  /** Whether a load that begins now may read what was before. */
  isActive(id: string): boolean {
    if (this.#until.size === 0) return false;
    const until = this.#until.get(id);
    return until !== undefined && this.#clock.now() < until;
  }
}
