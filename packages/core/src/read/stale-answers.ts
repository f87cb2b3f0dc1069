import { mayServeOnError, mayServeWhileRevalidating } from "../entry/freshness.ts";
import type { Family } from "../write/family.ts";
import type { Flight } from "../write/flights.ts";

/** The ways in which a value that is no longer fresh answers those who wait for a flight. */
export class StaleAnswers<V> {
  readonly #family: Family<V>;

  constructor(family: Family<V>) {
    this.#family = family;
  }

  /** Stale-while-revalidate: answers at once with what the tiers had, if the rules allow it; the flight goes on. */
  whileRevalidating(flight: Flight<V>): void {
    const { stack, rules } = this.#family;
    const { stale, refreshes } = flight;
    if (stale === undefined || refreshes || !mayServeWhileRevalidating(stale, stack.clock.now(), rules)) return;
    this.#family.observeStale(stale, "revalidating");
    flight.answer(stale.value);
  }

  /**
   * Stale-if-error: the value to serve in place of a load that has failed or is too late. No further load is tried for
   * a while.
   *
   * @throws The failure itself, where there is no stale value or the rules do not allow it.
   */
  insteadOf(failure: unknown, flight: Flight<V>): V {
    const { stack, rules, local } = this.#family;
    const { stale, refreshes } = flight;
    const now = stack.clock.now();
    if (stale === undefined) throw failure;
    stale.retryLoadAt = now + rules.retryLoadAfterMs;
    if (!mayServeOnError(stale, now, rules)) throw failure;
    local.set(flight.id, stale);
    if (!refreshes) this.#family.observeStale(stale, "load-failed");
    return stale.value;
  }

  /** The soft timeout: waits for a flight, but no longer than that where a stale value is at hand. */
  orSoon(flight: Flight<V>): Promise<V> {
    const { stack, rules } = this.#family;
    const { softTimeoutMs } = rules;
    if (softTimeoutMs === Number.POSITIVE_INFINITY) return flight.promise;
    return new Promise((resolve, reject) => {
      const cancel = stack.clock.after(softTimeoutMs, () => {
        const { stale } = flight;
        const now = stack.clock.now();
        if (stale === undefined) return;
        if (!mayServeOnError(stale, now, rules) && !mayServeWhileRevalidating(stale, now, rules)) return;
        this.#family.observeStale(stale, "soft-timeout");
        resolve(stale.value);
      });
      void flight.promise.then(resolve, reject).finally(cancel);
    });
  }
}
