import type { Clock, Ms } from "../contracts/clock.ts";
import type { RemoteTier } from "../contracts/tier.ts";

/**
 * How long it takes the processes that share a tier to find it again after a restart and to repeat their removals there: a few
 * attempts, the longest two seconds apart.
 */
const SETTLED_AFTER_MS: Ms = 10_000;

/**
 * When a tier has lost something of what it had acknowledged. What it still has from before may have been removed by another
 * process, which repeats that only when it meets the tier itself.
 */
export class Losses {
  readonly #clock: Clock;
  #lastAt: Ms = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(tier: Pick<RemoteTier, "onLoss">, clock: Clock) {
    this.#clock = clock;
    tier.onLoss?.(() => {
      this.#count++;
      this.#lastAt = clock.now();
    });
  }

  /** How often something was lost. */
  get count(): number {
    return this.#count;
  }

  /** Whether something has been lost since an instant: a right from before is one that the tier has from before. */
  since(instant: Ms): boolean {
    return instant < this.#lastAt;
  }

  /** Whether an entry is not to be believed, as its removal may be among what was lost and not have been repeated yet. */
  doubts({ createdAt }: { readonly createdAt: Ms }): boolean {
    return this.since(createdAt) && this.#clock.now() - this.#lastAt < SETTLED_AFTER_MS;
  }
}
