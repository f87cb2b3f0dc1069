import type { Entry } from "../contracts/entry.ts";
import { isFresh, judge, mayServeOnError, mayServeWhileRevalidating, staleReasonOf } from "../entry/freshness.ts";
import { type Answer, answerOf } from "../write/answer.ts";
import type { Family } from "../write/family.ts";
import type { Flight } from "../write/flight.ts";
import { isInLoader, waited } from "./load-chain.ts";

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
    if (stale === undefined || refreshes || !mayServeWhileRevalidating(stale.entry, stack.clock.now(), rules)) return;
    this.#family.outcomes.staleMeanwhile(flight, stale.entry, "revalidating");
    flight.answerMeanwhile(stale, "revalidating");
  }

  /**
   * Stale-if-error: the value to serve in place of a load that has failed or is too late. No further load is tried for
   * a while.
   *
   * @throws The failure itself, where there is no stale value or the rules do not allow it.
   */
  insteadOf(failure: unknown, flight: Flight<V>): Answer<V> {
    const { stack, rules, local, localName } = this.#family;
    const { stale, refreshes } = flight;
    const now = stack.clock.now();
    // A load that was given up because its readers left has not failed: the next reader must not be held off for it.
    if (stale === undefined || flight.abandoned) throw failure;
    const { entry, tier } = stale;
    entry.retryLoadAt = now + rules.retryLoadAfterMs;
    const isLocalAsked = flight.tiers.mayRead(localName);
    const current = isLocalAsked ? local.get(flight.id) : undefined;
    // Another read may have brought a newer value meanwhile.
    if (current !== undefined && isFresh(current, now)) {
      if (!flight.isTold) this.#family.outcomes.hit(current, localName);
      return answerOf(current, localName);
    }
    if (!mayServeOnError(entry, now, rules)) throw failure;
    // A tier that was passed by may hold a newer one.
    if (isLocalAsked && flight.tiers.mayFill(localName)) local.set(flight.id, entry, now);
    if (!flight.isTold || (refreshes && flight.endIsAwaited)) this.#family.outcomes.stale(entry, "load-failed");
    return answerOf(entry, tier, "load-failed");
  }

  /**
   * What is held locally answers where no remote tier could say whether it still holds.
   *
   * @returns `undefined` where nothing is held, or somebody could say.
   */
  uncertified<R>({ tiers, uncertified, superseded }: Flight<R>): Answer<R> | undefined {
    const { outage } = this.#family.stack;
    if (uncertified === undefined || superseded || !tiers.someMissed || outage.onDisconnect === "distrust-local")
      return undefined;
    const { entry, tier } = uncertified;
    if (!isFresh(entry, this.#family.stack.clock.now())) return undefined;
    this.#family.outcomes.stale(entry, "uncertified");
    return answerOf(entry, tier, "uncertified");
  }

  /** Whether who waits for a flight that has just begun waits for its own answer and nothing else. */
  get waitsPlainly(): boolean {
    return this.#family.rules.softTimeoutMs === Number.POSITIVE_INFINITY && !isInLoader();
  }

  /**
   * The soft timeout: waits for a flight, but no longer than that where a stale value is at hand.
   *
   * @throws `LOADS_ITSELF`; never for a flight that has just begun.
   */
  orSoon(flight: Flight<V>): Promise<V> {
    if (this.#family.rules.softTimeoutMs !== Number.POSITIVE_INFINITY || flight.interim !== undefined) {
      return this.answerSoon(flight).then(({ value }) => value);
    }
    return waited({ flight, until: "answer", namespace: this.#family.name }, () => flight.promise);
  }

  /** As {@link orSoon}, with the origin of the answer. */
  answerSoon(flight: Flight<V>): Promise<Answer<V>> {
    const { stack, rules, name: namespace } = this.#family;
    const { interim } = flight;
    if (interim === undefined) {
      const first = (): Promise<Answer<V>> => flight.promise.then((value) => ({ value, origin: flight.origin }));
      return waited({ flight, until: "answer", namespace }, () => this.#unlessSoon(flight, first()));
    }
    // An answer from before may have grown too old.
    const verdict = judge(interim.entry, stack.clock.now(), rules);
    if (verdict !== "unusable") return Promise.resolve(answerOf(interim.entry, interim.tier, staleReasonOf(verdict)));
    return waited({ flight, until: "end", namespace }, () => this.#unlessSoon(flight, flight.end));
  }

  #unlessSoon(flight: Flight<V>, answer: Promise<Answer<V>>): Promise<Answer<V>> {
    const { clock } = this.#family.stack;
    return new Promise((resolve, reject) => {
      const cancel = clock.after(this.#family.rules.softTimeoutMs, () => {
        const stale = flight.stale;
        if (stale === undefined || !this.#mayAnswer(stale.entry)) return;
        this.#family.outcomes.staleMeanwhile(flight, stale.entry, "soft-timeout");
        resolve(answerOf(stale.entry, stale.tier, "soft-timeout"));
      });
      void answer.then(resolve, reject).finally(cancel);
    });
  }

  #mayAnswer(entry: Entry<V>): boolean {
    const { stack, rules } = this.#family;
    const now = stack.clock.now();
    return mayServeOnError(entry, now, rules) || mayServeWhileRevalidating(entry, now, rules);
  }
}
