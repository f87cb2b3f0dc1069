import type { Entry } from "../contracts/entry.ts";
import type { Loader } from "../contracts/loader.ts";
import { isFresh, judge } from "../entry/freshness.ts";
import { promiseOf } from "../entry/kept-promise.ts";
import type { Family } from "../write/family.ts";
import type { WritePath } from "../write/write-path.ts";
import { LoadPath } from "./load-path.ts";
import type { Question, ReadRequest } from "./request.ts";
import { StaleAnswers } from "./stale-answers.ts";
import { TierRead } from "./tier-read.ts";

/**
 * Answers the reads of one key that are no plain hit: by what is held locally if that is still good enough, by joining a
 * flight, from a remote tier, or by a load.
 */
export class ReadPath<K extends readonly unknown[], V> {
  readonly #family: Family<V>;
  readonly #writePath: WritePath<V>;
  readonly #tierRead: TierRead<V>;
  readonly #loadPath: LoadPath<K, V>;
  readonly #stale: StaleAnswers<V>;

  constructor(family: Family<V>, writePath: WritePath<V>) {
    this.#family = family;
    this.#writePath = writePath;
    this.#tierRead = new TierRead(family);
    this.#loadPath = new LoadPath(family);
    this.#stale = new StaleAnswers(family);
  }

  /**
   * The value of a key, loaded if no tier has one that may answer. All who ask meanwhile share one flight, and its
   * failure too.
   *
   * @param held - What the local tier has of the key, however old.
   */
  getOrLoad(question: Question<K>, held: Entry<V> | undefined, load: Loader<K, V>): Promise<V> {
    const answer = held === undefined ? undefined : this.#answerFrom(held, question, load);
    if (answer !== undefined) return answer;
    const { loads, stack, name: namespace } = this.#family;
    const running = loads.running(question.id);
    if (running !== undefined) {
      this.#family.observe({ type: "joined", namespace });
      return this.#stale.orSoon(running);
    }
    stack.lifetime.assertOpen();
    const key = this.#family.remoteKey(question.id);
    const flight = loads.begin(question.id, held);
    stack.lifetime.track(this.#fly({ args: question.args, key, flight }, load));
    return this.#stale.orSoon(flight);
  }

  /** The value of a key if a tier has it fresh. */
  find(question: Question<K>, held: Entry<V> | undefined): Promise<V | undefined> {
    const { lookups, stack, name: namespace } = this.#family;
    if (held !== undefined && isFresh(held, stack.clock.now())) return this.#hit(question, held);
    const running = lookups.running(question.id);
    if (running !== undefined) {
      this.#family.observe({ type: "joined", namespace });
      return running.promise;
    }
    stack.lifetime.assertOpen();
    const key = this.#family.remoteKey(question.id);
    const flight = lookups.begin(question.id);
    const looking = this.#tierRead.find([{ key, flight }]).then(([entry]) => {
      if (entry === undefined) this.#family.observe({ type: "miss", namespace });
      lookups.succeed(flight, entry?.value);
    });
    stack.lifetime.track(looking);
    return flight.promise;
  }

  /** What a local entry that is past its refresh instant still answers; `undefined` where it may not. */
  #answerFrom(held: Entry<V>, question: Question<K>, load: Loader<K, V>): Promise<V> | undefined {
    const { loads, stack, rules } = this.#family;
    const verdict = judge(held, stack.clock.now(), rules);
    if (verdict === "unusable") return undefined;
    const renews = rules.sliding && verdict === "fresh-due";
    if (verdict.endsWith("-due") && !renews && loads.running(question.id) === undefined && stack.lifetime.isOpen) {
      const key = this.#family.remoteKey(question.id);
      stack.lifetime.track(this.#fly({ args: question.args, key, flight: loads.beginBehind(question.id, held) }, load));
    }
    if (verdict.startsWith("fresh")) return this.#hit(question, held);
    this.#family.observeStale(held, verdict === "stale-held" ? "held" : "revalidating");
    return promiseOf(held);
  }

  #hit({ id }: Question<K>, held: Entry<V>): Promise<V> {
    if (this.#family.rules.sliding) this.#writePath.renew(id, held);
    this.#family.observeLocalHit();
    return promiseOf(held);
  }

  async #fly(request: ReadRequest<K, V>, load: Loader<K, V>): Promise<void> {
    const { loads } = this.#family;
    try {
      loads.succeed(request.flight, await this.#answer(request, load));
    } catch (error) {
      loads.fail(request.flight, error);
    }
  }

  async #answer(request: ReadRequest<K, V>, load: Loader<K, V>): Promise<V> {
    const { flight } = request;
    const [entry] = await this.#tierRead.find([request]);
    if (entry !== undefined) return entry.value;
    if (!flight.refreshes) this.#family.observe({ type: "miss", namespace: this.#family.name });
    this.#stale.whileRevalidating(flight);
    try {
      return await this.#loadPath.load(request, load);
    } catch (error) {
      return this.#stale.insteadOf(error, flight);
    }
  }
}
