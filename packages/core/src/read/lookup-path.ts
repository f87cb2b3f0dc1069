import type { Entry } from "../contracts/entry.ts";
import { isFresh } from "../entry/freshness.ts";
import { type Answer, answerOf } from "../write/answer.ts";
import type { Family } from "../write/family.ts";
import type { Flight } from "../write/flight.ts";
import { unlessLeft } from "./leaving.ts";
import type { Question } from "./request.ts";
import type { SlidingHits } from "./sliding-hits.ts";
import { StaleAnswers } from "./stale-answers.ts";
import { TierRead } from "./tier-read.ts";

/** Answers the reads that ask the tiers alone: what is fresh there, and never a load. */
export class LookupPath<K extends readonly unknown[], V> {
  readonly #family: Family<V>;
  readonly #sliding: SlidingHits<V>;
  readonly #tierRead: TierRead<V>;
  readonly #stale: StaleAnswers<V>;

  constructor(family: Family<V>, sliding: SlidingHits<V>) {
    this.#family = family;
    this.#sliding = sliding;
    this.#tierRead = new TierRead(family);
    this.#stale = new StaleAnswers(family);
  }

  /**
   * The value of a key if a tier has it fresh, and which.
   *
   * @param held - What the local tier has of the key, however old.
   * @throws (rejects) The signal's reason, once it has fired.
   */
  async find(question: Question<K>, held: Entry<V> | undefined): Promise<Answer<V | undefined>> {
    const { lookups, stack, rules, localName } = this.#family;
    const now = stack.clock.now();
    if (held !== undefined && isFresh(held, now) && this.#family.trusts(held, now)) {
      if (rules.sliding && question.skips === undefined) this.#sliding.renew(question.id, held);
      this.#family.outcomes.hit(held, localName);
      return answerOf(held, localName);
    }
    const flight = this.#joined(question) ?? this.#launched(question, held);
    const answer = flight.promise.then((value) => ({ value, origin: flight.origin }));
    if (question.signal !== undefined) return unlessLeft(lookups, { flight, signal: question.signal }, answer);
    flight.stay();
    return answer;
  }

  #joined({ id, skips }: Question<K>): Flight<V | undefined> | undefined {
    if (skips !== undefined) return undefined;
    const running = this.#family.lookups.running(id);
    if (running !== undefined) {
      this.#family.observe({ type: "joined", namespace: this.#family.name, flight: running.number });
    }
    return running;
  }

  #launched({ id, args, skips }: Question<K>, held: Entry<V> | undefined): Flight<V | undefined> {
    const { lookups, stack, name: namespace } = this.#family;
    stack.lifetime.assertOpen();
    const key = this.#family.remoteKey(id);
    const tags = this.#family.tags.of(args);
    const footing = this.#family.tags.footing(tags);
    // What is fresh and yet does not answer is not certified.
    const uncertified = held === undefined ? undefined : { entry: held, tier: this.#family.localName };
    const departure = { footing, uncertified };
    const flight = skips === undefined ? lookups.begin(id, departure) : lookups.beginApart(id, { ...departure, skips });
    const questions = [{ key, tags, flight }];
    const looking = this.#family.outcomes
      .traced(questions, () => this.#tierRead.find(questions))
      .then(() => {
        const { found } = flight;
        const answer = found === undefined ? this.#stale.uncertified(flight) : answerOf(found.entry, found.tier);
        if (answer === undefined) this.#family.observe({ type: "miss", namespace });
        lookups.succeed(flight, answer ?? { value: undefined, origin: undefined });
      })
      // A flight that has begun must end, or all who join it hang.
      .catch((error: unknown) => {
        this.#family.outcomes.failed(flight);
        lookups.fail(flight, error);
      })
      .finally(() => lookups.landed(flight));
    stack.lifetime.track(looking);
    return flight;
  }
}
