import type { Ms } from "../contracts/clock.ts";
import { seconds } from "../durations.ts";
import type { Find } from "../write/answer.ts";
import type { Family } from "../write/family.ts";
import type { Leases } from "./leases.ts";
import type { ReadRequest } from "./request.ts";
import type { TierRead } from "./tier-read.ts";

/** Who waits is woken by the bus; that a wake-up got lost is noticed after so long at the latest. */
const LOOK_AGAIN_FIRST_MS: Ms = 20;
const LOOK_AGAIN_LONGEST_MS: Ms = 250;

/** How long another process's load is waited for; then the key is loaded here too, without the right to keep it there. */
const LONGEST_WAIT_MS: Ms = seconds(5);

/** Waits for values that other processes are loading. */
export class LeaseWait<K extends readonly unknown[], V> {
  readonly #family: Family<V>;
  readonly #tierRead: TierRead<V>;
  readonly #leases: Leases<V>;

  constructor(family: Family<V>, tierRead: TierRead<V>, leases: Leases<V>) {
    this.#family = family;
    this.#tierRead = tierRead;
    this.#leases = leases;
  }

  /**
   * Waits until the holder of the lease that a flight came upon has brought a value, or has given up, or is taking too
   * long. If it was given up, the flight has the lease afterwards.
   *
   * @returns The value, if there is one.
   */
  async answer(request: ReadRequest<K, V>): Promise<Find<V> | undefined> {
    const { stack, name: namespace } = this.#family;
    const tier = request.flight.tiers.foreignLease?.tier;
    const startedAt = stack.clock.now();
    const answer = await this.#waited(request);
    if (tier !== undefined) {
      const durationMs = stack.clock.now() - startedAt;
      this.#family.observe({ type: "lease-waited", namespace, tier, durationMs, answered: answer !== undefined });
    }
    return answer;
  }

  async #waited(request: ReadRequest<K, V>): Promise<Find<V> | undefined> {
    const { stack, name: namespace } = this.#family;
    const { flight } = request;
    const giveUpAt = stack.clock.now() + Math.min(this.#leases.leaseMs, LONGEST_WAIT_MS);
    let lookAgainMs = LOOK_AGAIN_FIRST_MS;
    for (let lease = flight.tiers.foreignLease; lease !== undefined; lease = flight.tiers.foreignLease) {
      const leftMs = giveUpAt - stack.clock.now();
      if (leftMs <= 0 || !stack.lifetime.isOpen || flight.abandoned) return undefined;
      this.#family.observe({ type: "awaited", namespace, tier: lease.tier });
      // Begun before the holder is told that somebody waits: his word could be here first.
      const woken = this.#family.waiters.wait(flight.id, Math.min(lookAgainMs, leftMs));
      const tier = stack.remotes.find(({ name }) => name === lease?.tier);
      if (await tier?.awaits(request.key, lease.revision)) await woken;
      lookAgainMs = Math.min(lookAgainMs * 2, LOOK_AGAIN_LONGEST_MS);
      flight.tiers.foreignLease = undefined;
      await this.#tierRead.find([request]);
      if (flight.found !== undefined) return flight.found;
    }
    return undefined;
  }
}
