import type { Entry } from "../contracts/entry.ts";
import { isFresh, isSettled, type Verdict } from "../entry/freshness.ts";
import { promiseOf } from "../entry/kept-promise.ts";
import type { Footing } from "../tags/footing.ts";
import { type Answer, answerOf, type Find } from "../write/answer.ts";
import type { Family } from "../write/family.ts";
import type { Flight } from "../write/flight.ts";
import type { Flights } from "../write/flights.ts";
import { Course, type Loaders } from "./course.ts";
import { joined } from "./joining.ts";
import type { Question, ReadRequest } from "./request.ts";
import type { SlidingHits } from "./sliding-hits.ts";
import { StaleAnswers } from "./stale-answers.ts";
import { TierRead } from "./tier-read.ts";

/** A key of a batch that needs a flight. */
interface BatchDeparture<K extends readonly unknown[], V> {
  readonly args: K;
  readonly key: string;
  readonly tags: readonly string[] | undefined;
  readonly held: Entry<V> | undefined;
  /** What the held value is good for: where it answers, the flight goes on behind. */
  readonly verdict: Verdict;
}

/**
 * Reads many keys: one trip down the tiers with a shrinking list of keys, one load for what is missing. Joins the
 * flights of single reads and lets them join its own.
 */
export class BatchRead<K extends readonly unknown[], V> {
  readonly #family: Family<V>;
  readonly #sliding: SlidingHits<V>;
  readonly #tierRead: TierRead<V>;
  readonly #course: Course<K, V>;
  readonly #stale: StaleAnswers<V>;
  readonly #loaders: Loaders<K, V>;

  constructor(family: Family<V>, sliding: SlidingHits<V>, loaders: Loaders<K, V>) {
    this.#family = family;
    this.#sliding = sliding;
    this.#tierRead = new TierRead(family);
    this.#course = new Course(family);
    this.#stale = new StaleAnswers(family);
    this.#loaders = loaders;
  }

  /**
   * The answers to the keys in their order; a key that stands there twice is read once. One that fails rejects with what
   * its loader threw, as it is, and nothing becomes of it where nobody waits for it.
   *
   * @throws `INVALID_KEY`; `CLOSED`.
   */
  answers(keys: readonly Question<K>[]): readonly Promise<V | undefined>[] {
    const { loads, lookups } = this.#family;
    const answers: ReadonlyMap<string, Promise<V | undefined>> = this.#loads
      ? this.#gather(keys, {
          flights: loads,
          judge: (entry) => this.#family.verdictOn(entry),
          wait: (flight) => this.#stale.orSoon(flight),
          fly: (requests) => this.#course.fly(requests, this.#loaders),
        })
      : this.#gather<V | undefined>(keys, {
          flights: lookups,
          judge: (entry, now) => (isFresh(entry, now) && this.#family.trusts(entry, now) ? "fresh" : "unusable"),
          wait: (flight) => flight.promise,
          fly: (requests) => this.#lookUp(requests),
        });
    return keys.flatMap(({ id }) => answers.get(id) ?? []);
  }

  get #loads(): boolean {
    return this.#loaders.load !== undefined || this.#loaders.loadMany !== undefined;
  }

  /** An answer for each distinct id: from the local tier, a running flight, or a flight of this batch. */
  #gather<R>(keys: readonly Question<K>[], way: Way<K, V, R>): ReadonlyMap<string, Promise<V | R>> {
    const { local, stack, rules } = this.#family;
    const answers = new Map<string, Promise<V | R>>();
    const departures = new Map<string, BatchDeparture<K, V>>();
    const now = stack.clock.now();
    for (const { id, args } of keys) {
      if (answers.has(id)) continue;
      const held = local.get(id);
      const verdict = held === undefined ? "unusable" : way.judge(held, now);
      const running = way.flights.running(id);
      if (held !== undefined && verdict !== "unusable") {
        answers.set(id, promiseOf(held));
        this.#observeAnswer(held, verdict);
        const renews = rules.sliding && verdict.startsWith("fresh");
        if (renews && !isSettled(held, now)) this.#sliding.renew(id, held);
        const due = verdict.endsWith("-due") && !renews && running === undefined && stack.lifetime.isOpen;
        if (due) departures.set(id, this.#departure({ id, args }, held, verdict));
      } else if (running !== undefined) {
        answers.set(id, this.#joined({ id, args }, running, way));
      } else {
        departures.set(id, this.#departure({ id, args }, held, verdict));
      }
    }
    this.#launch(departures, way, (flight) => {
      const answer: Promise<V | R> = way.wait(flight);
      // A flight sees to its own promise.
      answers.set(flight.id, answer === flight.promise ? answer : handled(answer));
    });
    return answers;
  }

  #departure({ id, args }: Question<K>, held: Entry<V> | undefined, verdict: Verdict): BatchDeparture<K, V> {
    return { args, key: this.#family.remoteKey(id), tags: this.#family.tags.of(args), held, verdict };
  }

  /** A key that cannot be waited for fails by itself, as one does whose load fails. */
  #joined<R>(key: Question<K>, running: Flight<R>, way: Way<K, V, R>): Promise<V | R> {
    try {
      const answer: Promise<V | R> = way.wait(running);
      running.stay();
      const again = (): Promise<V | R> => this.#gather([key], way).get(key.id) ?? answer;
      return handled(joined(this.#family, running, { answer, again }));
    } catch (error) {
      return handled(Promise.reject(error));
    }
  }

  #launch<R>(
    departures: ReadonlyMap<string, BatchDeparture<K, V>>,
    way: Way<K, V, R>,
    onWait: (flight: Flight<R>) => void,
  ): void {
    if (departures.size === 0) return;
    this.#family.stack.lifetime.assertOpen();
    // From here on nothing may throw: a flight that has begun must end, or all who join it hang.
    const requests: ReadRequest<K, R>[] = [];
    for (const [id, { args, key, tags, held, verdict }] of departures) {
      const find =
        held === undefined ? undefined : ({ entry: held, tier: this.#family.localName } as unknown as Find<R>);
      const isFreshNow = held !== undefined && isFresh(held, this.#family.stack.clock.now());
      const footing = this.#family.tags.footing(tags);
      const flight = departing(way.flights, id, { find, verdict, isFreshNow, footing });
      if (!flight.refreshes) onWait(flight);
      requests.push({ args, key, tags, flight });
    }
    const flying = way.fly(requests).catch((error: unknown) => {
      for (const { flight } of requests) {
        way.flights.fail(flight, error);
        way.flights.landed(flight);
      }
    });
    this.#family.stack.lifetime.track(flying);
  }

  #observeAnswer(held: Entry<V>, verdict: Verdict): void {
    if (verdict.startsWith("fresh")) this.#family.outcomes.hit(held, this.#family.localName);
    else this.#family.outcomes.stale(held, verdict === "stale-held" ? "held" : "revalidating");
  }

  async #lookUp(requests: readonly ReadRequest<K, V | undefined>[]): Promise<void> {
    const { lookups, name: namespace } = this.#family;
    const answers = await this.#family.outcomes.traced(requests, () => this.#tierRead.find(requests));
    for (const [index, { flight }] of requests.entries()) {
      const found = answers[index];
      const answer: Answer<V | undefined> | undefined =
        found === undefined ? this.#stale.uncertified(flight) : answerOf(found.entry, found.tier);
      if (answer === undefined) this.#family.observe({ type: "miss", namespace });
      lookups.succeed(flight, answer ?? { value: undefined, origin: undefined });
      lookups.landed(flight);
    }
  }
}

/** A promise whose rejection is no unhandled one, should nobody come to wait for it. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

function departing<R>(
  flights: Flights<R>,
  id: string,
  {
    find,
    verdict,
    isFreshNow,
    footing,
  }: {
    readonly find: Find<R> | undefined;
    readonly verdict: Verdict;
    readonly isFreshNow: boolean;
    readonly footing: Footing;
  },
): Flight<R> {
  // A batch has no way to leave: all of its callers wait to the end.
  if (find !== undefined && verdict !== "unusable") {
    const stale = verdict.startsWith("stale") ? "revalidating" : undefined;
    return flights.beginBehind(id, { ...find, stale }, footing);
  }
  const flight = flights.begin(id, isFreshNow ? { footing, uncertified: find } : { footing, held: find });
  flight.stay();
  return flight;
}

/** How a batch goes: with loads or as a mere lookup. `R` is what its flights bring. */
interface Way<K extends readonly unknown[], V, R> {
  readonly flights: Flights<R>;
  judge(entry: Entry<V>, now: number): Verdict;
  /** @throws `LOADS_ITSELF` for a flight that is running already. */
  wait(flight: Flight<R>): Promise<R>;
  /** May reject, and then fails all its flights that have not ended. */
  fly(requests: readonly ReadRequest<K, R>[]): Promise<void>;
}
