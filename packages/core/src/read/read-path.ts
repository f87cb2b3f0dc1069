import type { Entry } from "../contracts/entry.ts";
import type { Loader } from "../contracts/loader.ts";
import { isFresh, staleReasonOf, type Verdict } from "../entry/freshness.ts";
import { promiseOf } from "../entry/kept-promise.ts";
import { type Answer, answerOf } from "../write/answer.ts";
import type { Departure } from "../write/departure.ts";
import type { Family } from "../write/family.ts";
import type { Flight } from "../write/flight.ts";
import { Course } from "./course.ts";
import { joined } from "./joining.ts";
import { unlessLeft } from "./leaving.ts";
import { refuseOwn } from "./load-chain.ts";
import type { Question } from "./request.ts";
import type { SlidingHits } from "./sliding-hits.ts";
import { StaleAnswers } from "./stale-answers.ts";

/**
 * Answers the reads of one key that are no plain hit and may load: by what is held locally if that is still good enough,
 * by joining a flight, from a remote tier, or by a load.
 */
export class ReadPath<K extends readonly unknown[], V> {
  readonly #family: Family<V>;
  readonly #sliding: SlidingHits<V>;
  readonly #course: Course<K, V>;
  readonly #stale: StaleAnswers<V>;

  constructor(family: Family<V>, sliding: SlidingHits<V>) {
    this.#family = family;
    this.#sliding = sliding;
    this.#course = new Course(family);
    this.#stale = new StaleAnswers(family);
  }

  /**
   * The value of a key, loaded if no tier has one that may answer. All who ask meanwhile share one flight, and its
   * failure too.
   *
   * @param held - What the local tier has of the key, however old.
   */
  getOrLoad(question: Question<K>, held: Entry<V> | undefined, load: Loader<K, V>): Promise<V> {
    if (held !== undefined && this.#judged(held, question, load) !== "unusable") return promiseOf(held);
    const running = this.#family.loads.running(question.id);
    const flight = running ?? this.#launched(question, this.#holding(held), load);
    const answer = this.#stale.orSoon(flight);
    flight.stay();
    if (running === undefined) return answer;
    const again = (): Promise<V> => this.getOrLoad(question, this.#family.local.get(question.id), load);
    return joined(this.#family, running, { answer, again });
  }

  /**
   * As {@link getOrLoad}, with the origin of the answer, for a caller who may leave.
   *
   * @throws (rejects) The signal's reason, once it has fired.
   */
  async answer(question: Question<K>, held: Entry<V> | undefined, load: Loader<K, V>): Promise<Answer<V>> {
    const verdict = held === undefined ? "unusable" : this.#judged(held, question, load);
    if (held !== undefined && verdict !== "unusable") {
      return answerOf(held, this.#family.localName, staleReasonOf(verdict));
    }
    const running = this.#runningFor(question);
    const flight = running ?? this.#launched(question, this.#holding(held), load);
    const answer = this.#waited(flight, question.signal);
    if (running === undefined) return answer;
    const again = (): Promise<Answer<V>> => this.answer(question, this.#family.local.get(question.id), load);
    return joined(this.#family, running, { answer, again });
  }

  /**
   * The answer of a load that begins now, whatever the tiers hold; what they hold is replaced by it.
   *
   * @throws (rejects) As {@link answer}.
   */
  async reload(question: Question<K>, load: Loader<K, V>): Promise<Answer<V>> {
    this.#refuseOwnLoader(question.id);
    this.#family.loads.supersede(question.id);
    return this.#waited(this.#launched(question, { skipsTiers: true }, load), question.signal);
  }

  #waited(flight: Flight<V>, signal: AbortSignal | undefined): Promise<Answer<V>> {
    const answer = this.#stale.answerSoon(flight);
    if (signal !== undefined) return unlessLeft(this.#family.loads, { flight, signal }, answer);
    flight.stay();
    return answer;
  }

  /** What a local entry that is past its refresh instant is good for; does what that asks for. */
  #judged(held: Entry<V>, question: Question<K>, load: Loader<K, V>): Verdict {
    const { loads, stack, rules, localName: tier } = this.#family;
    const verdict = this.#family.verdictOn(held);
    // One who passes tiers by prolongs and refreshes nothing in all of them; what is stale he looks further for himself.
    const isApart = question.skips !== undefined;
    if (verdict === "unusable" || (isApart && verdict === "stale-due")) return "unusable";
    const stale = staleReasonOf(verdict);
    if (rules.sliding && stale === undefined && !isApart) this.#sliding.renew(question.id, held);
    else if (
      !isApart &&
      verdict.endsWith("-due") &&
      loads.running(question.id) === undefined &&
      stack.lifetime.isOpen
    ) {
      const { args, id } = question;
      const key = this.#family.remoteKey(id);
      const tags = this.#family.tags.of(args);
      const flight = loads.beginBehind(id, { entry: held, tier, stale }, this.#family.tags.footing(tags));
      stack.lifetime.track(this.#course.fly([{ args, key, tags, flight }], { load, loadMany: undefined }));
    }
    if (stale === undefined) this.#family.outcomes.hit(held, tier);
    else this.#family.outcomes.stale(held, stale);
    return verdict;
  }

  /** Who wants tiers passed by has a flight of his own. */
  #runningFor({ id, skips }: Question<K>): Flight<V> | undefined {
    if (skips === undefined) return this.#family.loads.running(id);
    this.#refuseOwnLoader(id);
    return undefined;
  }

  /**
   * Who joins nothing that is running begins anew: the key's own loader would do so without end.
   *
   * @throws `LOADS_ITSELF`.
   */
  #refuseOwnLoader(id: string): void {
    for (const flight of this.#family.loads.underWay(id)) refuseOwn(flight, this.#family.name);
  }

  #launched({ id, args, skips }: Question<K>, from: Omit<Departure<V>, "footing">, load: Loader<K, V>): Flight<V> {
    const { loads, stack } = this.#family;
    stack.lifetime.assertOpen();
    const key = this.#family.remoteKey(id);
    const tags = this.#family.tags.of(args);
    const departure = { ...from, footing: this.#family.tags.footing(tags) };
    const flight = skips === undefined ? loads.begin(id, departure) : loads.beginApart(id, { ...departure, skips });
    stack.lifetime.track(this.#course.fly([{ args, key, tags, flight }], { load, loadMany: undefined }));
    return flight;
  }

  #holding(held: Entry<V> | undefined): Omit<Departure<V>, "footing"> {
    if (held === undefined) return {};
    const { localName: tier, stack } = this.#family;
    // What is fresh and yet does not answer is not certified.
    const find = { entry: held, tier };
    return isFresh(held, stack.clock.now()) ? { uncertified: find } : { held: find };
  }
}
