import type { Entry } from "../contracts/entry.ts";
import { isFresh, isSettled, type Verdict } from "../entry/freshness.ts";
import { type Answer, answerOf, type Find } from "../write/answer.ts";
import type { Beginning } from "../write/departure.ts";
import type { Family } from "../write/family.ts";
import type { Flight } from "../write/flight.ts";
import type { Flights } from "../write/flights.ts";
import { BatchAnswers } from "./batch-answers.ts";
import { Course, type Loaders } from "./course.ts";
import { joined } from "./joining.ts";
import type { Question, ReadRequest } from "./request.ts";
import type { SlidingHits } from "./sliding-hits.ts";
import { StaleAnswers } from "./stale-answers.ts";
import { TierRead } from "./tier-read.ts";

/** A key of a batch that needs a flight. */
interface BatchDeparture<K extends readonly unknown[], V> {
  /** Where its answer belongs. */
  readonly place: number;
  readonly id: string;
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
   * The answers to keys; one that stands there twice is read once. One that fails fails with what its loader threw, as it is.
   *
   * @throws `INVALID_KEY`; `CLOSED`.
   */
  answers(keys: readonly Question<K>[]): BatchAnswers<V | undefined> {
    const { loads, lookups } = this.#family;
    if (this.#loads) {
      return this.#gather<V>(keys, {
        flights: loads,
        waitsPlainly: this.#stale.waitsPlainly,
        judge: (entry) => this.#family.verdictOn(entry),
        wait: (flight) => this.#stale.orSoon(flight),
        fly: (requests) => this.#course.fly(requests, this.#loaders),
      });
    }
    return this.#gather<V | undefined>(keys, {
      flights: lookups,
      waitsPlainly: true,
      judge: (entry, now) => (isFresh(entry, now) && this.#family.trusts(entry, now) ? "fresh" : "unusable"),
      wait: (flight) => flight.promise,
      fly: (requests) => this.#lookUp(requests),
    });
  }

  get #loads(): boolean {
    return this.#loaders.load !== undefined || this.#loaders.loadMany !== undefined;
  }

  /** An answer for each distinct id: from the local tier, a running flight, or a flight of this batch. */
  #gather<R>(keys: readonly Question<K>[], way: Way<K, V, R>): BatchAnswers<V | R> {
    const { local, stack, rules } = this.#family;
    const answers = new BatchAnswers<V | R>();
    const departures: BatchDeparture<K, V>[] = [];
    const now = stack.clock.now();
    for (const question of keys) {
      const { id } = question;
      const place = answers.placeOf(id);
      if (place === undefined) continue;
      const held = local.get(id);
      const verdict = held === undefined ? "unusable" : way.judge(held, now);
      const running = way.flights.running(id);
      if (held !== undefined && verdict !== "unusable") {
        answers.answered(place, held.value);
        this.#observeAnswer(held, verdict);
        const renews = rules.sliding && verdict.startsWith("fresh");
        if (renews && !isSettled(held, now)) this.#sliding.renew(id, held);
        const due = verdict.endsWith("-due") && !renews && running === undefined && stack.lifetime.isOpen;
        if (due) departures.push(this.#departure(question, { place, held, verdict }));
      } else if (running === undefined) {
        departures.push(this.#departure(question, { place, held, verdict }));
      } else {
        answers.follow(place, this.#joined(question, running, way));
      }
    }
    this.#launch(departures, way, answers);
    return answers;
  }

  #departure(
    { id, args }: Question<K>,
    { place, held, verdict }: Pick<BatchDeparture<K, V>, "place" | "held" | "verdict">,
  ): BatchDeparture<K, V> {
    const tags = this.#family.tags.of(args);
    return { place, id, args, key: this.#family.remoteKey(id), tags, held, verdict };
  }

  /** A key that cannot be waited for fails by itself, as one does whose load fails. */
  #joined<R>(key: Question<K>, running: Flight<R>, way: Way<K, V, R>): Promise<V | R> {
    try {
      const answer: Promise<V | R> = way.wait(running);
      running.stay();
      const again = async (): Promise<V | R> => (await this.#gather([key], way).all())[0] as V | R;
      return joined(this.#family, running, { answer, again });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #launch<R>(departures: readonly BatchDeparture<K, V>[], way: Way<K, V, R>, answers: BatchAnswers<V | R>): void {
    if (departures.length === 0) return;
    this.#family.stack.lifetime.assertOpen();
    // From here on nothing may throw: a flight that has begun must end, or all who join it hang.
    const beginning = way.flights.beginning();
    const requests: ReadRequest<K, R>[] = [];
    for (const departure of departures) {
      const { place, args, key, tags } = departure;
      const flight = this.#begun(departure, way.flights, beginning);
      requests.push({ args, key, tags, flight });
      if (flight.refreshes) continue;
      if (way.waitsPlainly) flight.tellAnswer(answers, place);
      else answers.follow(place, way.wait(flight));
    }
    const flying = way.fly(requests).catch((error: unknown) => {
      for (const { flight } of requests) {
        way.flights.fail(flight, error);
        way.flights.landed(flight);
      }
    });
    this.#family.stack.lifetime.track(flying);
  }

  #begun<R>({ id, tags, held, verdict }: BatchDeparture<K, V>, flights: Flights<R>, beginning: Beginning): Flight<R> {
    const footing = this.#family.tags.footing(tags);
    const find = held === undefined ? undefined : ({ entry: held, tier: this.#family.localName } as unknown as Find<R>);
    if (find !== undefined && verdict !== "unusable") {
      const stale = verdict.startsWith("stale") ? "revalidating" : undefined;
      return flights.beginBehind(id, { ...find, stale }, footing);
    }
    const isFreshNow = held !== undefined && isFresh(held, beginning.startedAt);
    const flight = flights.begin(id, {
      beginning,
      footing,
      held: isFreshNow ? undefined : find,
      uncertified: isFreshNow ? find : undefined,
    });
    // A batch has no way to leave: all of its callers wait to the end.
    flight.stay();
    return flight;
  }

  #observeAnswer(held: Entry<V>, verdict: Verdict): void {
    if (verdict.startsWith("fresh")) this.#family.outcomes.hit(held, this.#family.localName);
    else this.#family.outcomes.stale(held, verdict === "stale-held" ? "held" : "revalidating");
  }

  async #lookUp(requests: readonly ReadRequest<K, V | undefined>[]): Promise<void> {
    const { lookups, name: namespace } = this.#family;
    await this.#family.outcomes.traced(requests, () => this.#tierRead.find(requests));
    for (const { flight } of requests) {
      const { found } = flight;
      const answer: Answer<V | undefined> | undefined =
        found === undefined ? this.#stale.uncertified(flight) : answerOf(found.entry, found.tier);
      if (answer === undefined) this.#family.observe({ type: "miss", namespace });
      lookups.succeed(flight, answer ?? { value: undefined, origin: undefined });
      lookups.landed(flight);
    }
  }
}

/** How a batch goes: with loads or as a mere lookup. `R` is what its flights bring. */
interface Way<K extends readonly unknown[], V, R> {
  readonly flights: Flights<R>;
  /** Whether who waits for a flight of this batch waits for its own answer and nothing else. */
  readonly waitsPlainly: boolean;
  judge(entry: Entry<V>, now: number): Verdict;
  /** @throws `LOADS_ITSELF` for a flight that is running already. */
  wait(flight: Flight<R>): Promise<R>;
  /** May reject, and then fails all its flights that have not ended. */
  fly(requests: readonly ReadRequest<K, R>[]): Promise<void>;
}
