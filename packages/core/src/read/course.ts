import type { BatchLoader, Loader } from "../contracts/loader.ts";
import { isSettled } from "../entry/freshness.ts";
import { shareable } from "../entry/isolation.ts";
import { type Answer, answerOf } from "../write/answer.ts";
import type { Family } from "../write/family.ts";
import type { Flight } from "../write/flight.ts";
import { LeaseWait } from "./lease-wait.ts";
import { Leases } from "./leases.ts";
import { LoadPath } from "./load-path.ts";
import { LoadFailure } from "./loader-outcome.ts";
import type { ReadRequest } from "./request.ts";
import { StaleAnswers } from "./stale-answers.ts";
import { TierRead } from "./tier-read.ts";

/** How missing keys are loaded: all in one call, each by itself, or not at all. */
export interface Loaders<K extends readonly unknown[], V> {
  readonly load: Loader<K, V> | undefined;
  readonly loadMany: BatchLoader<K, V> | undefined;
}

/**
 * The course of flights that may load: down the tiers, past what other processes are loading, to the loader, and back to
 * those who wait.
 */
export class Course<K extends readonly unknown[], V> {
  readonly #family: Family<V>;
  readonly #tierRead: TierRead<V>;
  readonly #leases: Leases<V>;
  readonly #leaseWait: LeaseWait<K, V>;
  readonly #loadPath: LoadPath<K, V>;
  readonly #stale: StaleAnswers<V>;

  constructor(family: Family<V>) {
    this.#family = family;
    this.#leases = new Leases(family);
    this.#tierRead = new TierRead(family, this.#leases);
    this.#leaseWait = new LeaseWait(family, this.#tierRead, this.#leases);
    this.#loadPath = new LoadPath(family, this.#leases);
    this.#stale = new StaleAnswers(family);
  }

  /** Brings flights to their end, each with its answer or its error. Never rejects. */
  fly(requests: readonly ReadRequest<K, V>[], loaders: Loaders<K, V>): Promise<void> {
    return this.#family.outcomes
      .traced(requests, () => this.#flown(requests, loaders))
      .catch((error: unknown) => {
        // A flight that has begun must end, or all who join it hang.
        for (const { flight } of requests) {
          this.#fail(flight, error);
          this.#family.loads.landed(flight);
        }
      });
  }

  #flown(requests: readonly ReadRequest<K, V>[], loaders: Loaders<K, V>): Promise<void> {
    return this.#tierRead.find(requests).then(() => {
      const lacking = this.#answerFound(requests);
      this.#refreshBehind(requests, loaders);
      return lacking.length === 0 ? undefined : this.#lacked(lacking, loaders);
    });
  }

  /** Settled at once: a single read that has joined does not wait for the load of its neighbours. Returns what has no answer yet. */
  #answerFound(requests: readonly ReadRequest<K, V>[]): readonly ReadRequest<K, V>[] {
    return requests.filter((request) => {
      const { flight } = request;
      const { found } = flight;
      const answer = found === undefined ? this.#stale.uncertified(flight) : answerOf(found.entry, found.tier);
      if (answer !== undefined) this.#answer(request, answer);
      return answer === undefined;
    });
  }

  async #lacked(requests: readonly ReadRequest<K, V>[], loaders: Loaders<K, V>): Promise<void> {
    const waiting = requests.filter(({ flight }) => flight.tiers.foreignLease !== undefined);
    const missing = waiting.length === 0 ? requests : requests.filter((request) => !waiting.includes(request));
    for (const { flight } of requests) this.#stale.whileRevalidating(flight);
    if (waiting.length === 0) return this.#load(missing, loaders);
    await Promise.all([this.#load(missing, loaders), ...waiting.map((request) => this.#await(request, loaders))]);
  }

  #answer(request: ReadRequest<K, V>, answer: Answer<V>): void {
    const { loads } = this.#family;
    this.#leases.giveUp(request);
    loads.succeed(request.flight, answer);
    loads.landed(request.flight);
  }

  async #await(request: ReadRequest<K, V>, loaders: Loaders<K, V>): Promise<void> {
    const find = await this.#leaseWait.answer(request);
    if (find === undefined) return this.#load([request], loaders);
    this.#answer(request, answerOf(find.entry, find.tier));
    this.#refreshBehind([request], loaders);
  }

  /** Refresh ahead: loads anew, all in one call, what has answered and is due. Begun as behind a hit of the local tier. */
  #refreshBehind(requests: readonly ReadRequest<K, V>[], loaders: Loaders<K, V>): void {
    const { stack, rules, loads, local, localName } = this.#family;
    if (rules.refreshAhead === undefined || !stack.lifetime.isOpen) return;
    const now = stack.clock.now();
    const behind = requests.flatMap(({ args, key, tags, flight }) => {
      const { found: find } = flight;
      const isOwn = flight.refreshes || flight.superseded || flight.tiers.passesBy;
      if (find === undefined || isOwn || isSettled(find.entry, now) || loads.running(flight.id) !== undefined)
        return [];
      // A refresh that fails is noted on what is going to answer next.
      const copy = local.get(flight.id);
      const held = copy === undefined ? find : { entry: copy, tier: localName };
      const footing = this.#family.tags.footing(tags);
      return [{ args, key, tags, flight: loads.beginBehind(flight.id, { ...held, stale: undefined }, footing) }];
    });
    if (behind.length > 0) stack.lifetime.track(this.fly(behind, loaders));
  }

  async #load(requests: readonly ReadRequest<K, V>[], { load, loadMany }: Loaders<K, V>): Promise<void> {
    if (requests.length === 0) return;
    // What is loaded from now on is newer than all that has ended so far.
    for (const { flight, tags } of requests) flight.standOn(this.#family.tags.footing(tags));
    if (loadMany !== undefined) return this.#settle(requests, () => this.#loadPath.loadMany(requests, loadMany));
    if (load === undefined) return;
    const one = (request: ReadRequest<K, V>): Promise<void> =>
      this.#settle([request], async () => [await this.#loadPath.load(request, load)]);
    await (requests.length === 1 ? one(requests[0] as ReadRequest<K, V>) : Promise.all(requests.map(one)));
  }

  /** Ends the flights with what was loaded for them, or each with its stale value or the failure. */
  async #settle(
    requests: readonly ReadRequest<K, V>[],
    load: () => Promise<readonly (Answer<V> | LoadFailure)[]>,
  ): Promise<void> {
    try {
      const answers = await load();
      for (const [index, { flight }] of requests.entries()) {
        const answer = answers[index] as Answer<V> | LoadFailure;
        if (answer instanceof LoadFailure) this.#settleFailed(flight, answer.error);
        else this.#settleLoaded(flight, answer);
      }
    } catch (failure) {
      for (const { flight } of requests) this.#settleFailed(flight, failure);
    }
  }

  #settleLoaded(flight: Flight<V>, { value, origin }: Answer<V>): void {
    const { loads, rules } = this.#family;
    this.#family.outcomes.loaded(flight);
    loads.succeed(flight, { value: shareable(value, rules.isolate), origin });
  }

  #settleFailed(flight: Flight<V>, failure: unknown): void {
    try {
      this.#family.loads.succeed(flight, this.#stale.insteadOf(failure, flight));
    } catch (error) {
      this.#fail(flight, error);
    }
  }

  #fail(flight: Flight<V>, error: unknown): void {
    this.#family.outcomes.failed(flight);
    this.#family.loads.fail(flight, error);
  }
}
