import type { Ms } from "../contracts/clock.ts";
import type { StaleReason } from "../contracts/observer.ts";
import { isGone, newer } from "../entry/freshness.ts";
import type { CacheError } from "../errors.ts";
import type { Footing } from "../tags/footing.ts";
import { type Answer, type AnswerListener, answerOf, type Find, type Origin } from "./answer.ts";
import type { Beginning, Departure } from "./departure.ts";
import { Sightings } from "./sightings.ts";

let lastNumber = 0;

/**
 * One running answer to a key: a read of the remote tiers and, if that finds nothing, a load. All who ask for the key
 * meanwhile wait for the same promise.
 */
export class Flight<V> {
  readonly id: string;
  /** Tells it from all others of this process, also where its key must not be told. */
  readonly number: number = ++lastNumber;
  readonly refreshes: boolean;
  readonly skipsTiers: boolean;
  /** What it has seen in the remote tiers, and may do there. */
  readonly tiers: Sightings;
  /** The epoch of the certificate in which it began, and with it whatever it brings. */
  readonly epoch: number;
  readonly startedAt: Ms;
  /** What a tier has that answers. */
  found: Find<V> | undefined;
  /** Made for the first who waits for it. */
  #settle: PromiseWithResolvers<V> | undefined;
  #listener: AnswerListener<V> | undefined;
  #place = 0;
  #end: PromiseWithResolvers<Answer<V>> | undefined;
  #footing: Footing;
  #uncertified: Find<V> | undefined;
  #interim: Find<V> | undefined;
  #superseded = false;
  #stale: Find<V> | undefined;
  #first: Answer<V> | undefined;
  #failure: { readonly reason: unknown } | undefined;
  /** Whether nothing of it goes on any longer. */
  landed = false;
  /**
   * Whether its loader has named a tag of which it cannot be told whether it had ended before some came who have joined it: they have
   * to ask anew.
   */
  tooOldForSome = false;
  #told: boolean;
  /** How many wait who may leave; `undefined` once somebody waits who does not. */
  #waiting: number | undefined = 0;
  #abandoned: CacheError | undefined;
  #onAbandoned: ((reason: CacheError) => void) | undefined;

  constructor(id: string, { epoch, startedAt }: Beginning, departure: Departure<V>) {
    const { held, uncertified, refreshes = false, skipsTiers = false, skips, footing } = departure;
    this.id = id;
    this.#uncertified = uncertified;
    this.#footing = footing;
    this.refreshes = refreshes;
    this.skipsTiers = skipsTiers;
    this.tiers = new Sightings(skips, skipsTiers);
    this.epoch = epoch;
    this.startedAt = startedAt;
    this.#stale = held;
    this.#told = refreshes;
    if (refreshes) this.stay();
  }

  /** Settles with the flight, or before. A rejection that nobody waits for any longer is no unhandled one. */
  get promise(): Promise<V> {
    if (this.#settle === undefined) {
      this.#settle = Promise.withResolvers<V>();
      if (this.#first !== undefined) this.#settle.resolve(this.#first.value);
      else if (this.#failure !== undefined) rejectQuietly(this.#settle, this.#failure.reason);
    }
    return this.#settle.promise;
  }

  /** Has its first answer, or its failure, told to one who waits for many flights, by the place that it has with him. */
  tellAnswer(listener: AnswerListener<V>, place: number): void {
    this.#listener = listener;
    this.#place = place;
  }

  /**
   * Whether the key was written or a tag of it has ended after this flight began, or the namespace was cleared: its value may be
   * returned, but must not be kept.
   */
  get superseded(): boolean {
    return this.#superseded || !this.#footing.holds;
  }

  /** What it stands on: the incarnations of its namespace and tags from when it began, or began to load. */
  get footing(): Footing {
    return this.#footing;
  }

  /** It goes on on another footing, having brought nothing yet: what it has found belongs to the old one. */
  standOn(footing: Footing): void {
    if (!this.#footing.generation.isCurrent) {
      this.#stale = undefined;
      this.#uncertified = undefined;
    }
    this.#footing = footing;
  }

  supersede(): void {
    this.#superseded = true;
  }

  /** The newest value found so far that is no longer fresh; none once the key has been written or a tag of it deleted. */
  get stale(): Find<V> | undefined {
    if (this.#superseded || !this.#footing.generation.isCurrent) return undefined;
    return this.#stale !== undefined && isGone(this.#stale.entry) ? undefined : this.#stale;
  }

  /** What may answer where nobody can be asked whether it still holds. */
  get uncertified(): Find<V> | undefined {
    return this.#uncertified;
  }

  /** A tier has something fresh of which nobody can be asked whether it still holds. */
  foundUncertified(found: Find<V>): void {
    const freshUntil = this.#uncertified?.entry.freshUntil ?? Number.NEGATIVE_INFINITY;
    if (found.entry.freshUntil > freshUntil) this.#uncertified = found;
  }

  foundFresh(found: Find<V>): void {
    this.found = found;
  }

  foundStale(found: Find<V>): void {
    const newest = newer(this.#stale?.entry, found.entry);
    if (newest === found.entry) this.#stale = found;
  }

  /** Where the first answer came from that this flight has given. */
  get origin(): Origin | undefined {
    return this.#first?.origin;
  }

  /** Answers all who wait by what is at hand. The flight goes on. */
  answerMeanwhile(find: Find<V>, stale: StaleReason | undefined): void {
    this.#interim = find;
    this.#answerFirst(answerOf(find.entry, find.tier, stale));
  }

  /** What it has answered with before its end. Who joins it has to see whether that still may answer him. */
  get interim(): Find<V> | undefined {
    return this.#interim;
  }

  /** Whether it has given an answer, be it its last one. */
  get answered(): boolean {
    return this.#first !== undefined || this.#failure !== undefined;
  }

  /** The answer at its end, for one whom an earlier one is too old for. */
  get end(): Promise<Answer<V>> {
    if (this.#end === undefined) {
      this.#end = Promise.withResolvers<Answer<V>>();
      this.#end.promise.catch(ignore);
    }
    return this.#end.promise;
  }

  /** Whether somebody waits for its {@link end}. */
  get endIsAwaited(): boolean {
    return this.#end !== undefined;
  }

  /** Whether it has been told what its reader was answered with, or it has none: each read is told of once. */
  get isTold(): boolean {
    return this.#told;
  }

  tell(): void {
    this.#told = true;
  }

  /** It has ended: answers all who wait, now or later, unless they have been answered before. */
  answer(answer: Answer<V>): void {
    this.#answerFirst(answer);
    this.#end?.resolve(answer);
  }

  fail(reason: unknown): void {
    this.#failure = { reason };
    if (this.#settle !== undefined) rejectQuietly(this.#settle, reason);
    if (this.#first === undefined) this.#listener?.failed(this.#place, reason);
    this.#end?.reject(reason);
  }

  /** Somebody waits to the end. */
  stay(): void {
    this.#waiting = undefined;
  }

  /** Somebody waits who may {@link leave}. */
  wait(): void {
    if (this.#waiting !== undefined) this.#waiting++;
  }

  /** One of those who may leave has left. Returns whether nobody waits any longer. */
  leave(): boolean {
    if (this.#waiting === undefined) return false;
    this.#waiting--;
    return this.#waiting === 0;
  }

  /** Whether nobody waits any longer, so that how the load ends says nothing of the origin. */
  get abandoned(): boolean {
    return this.#abandoned !== undefined;
  }

  /** Nobody waits any longer: tells the loader. */
  abandon(reason: CacheError): void {
    this.#abandoned = reason;
    this.#onAbandoned?.(reason);
  }

  /** Has a loader told when nobody waits any longer; at once if that is so already. */
  onAbandoned(tell: (reason: CacheError) => void): void {
    this.#onAbandoned = tell;
    if (this.#abandoned !== undefined) tell(this.#abandoned);
  }

  #answerFirst(answer: Answer<V>): void {
    if (this.answered) return;
    this.#first = answer;
    this.#settle?.resolve(answer.value);
    this.#listener?.answered(this.#place, answer.value);
  }
}

function rejectQuietly<V>({ promise, reject }: PromiseWithResolvers<V>, reason: unknown): void {
  promise.catch(ignore);
  reject(reason);
}

/** A rejection that nobody waits for is no unhandled one. */
function ignore(): void {}
