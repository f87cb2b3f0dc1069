import type { Certificate } from "../bus/certificate.ts";
import type { Clock } from "../contracts/clock.ts";
import type { StaleReason } from "../contracts/observer.ts";
import type { Footing } from "../tags/footing.ts";
import type { Answer, Find } from "./answer.ts";
import type { Beginning, Departure } from "./departure.ts";
import { Flight } from "./flight.ts";

/** What tells when a flight began. */
export interface FlightTime {
  readonly clock: Clock;
  readonly certificate: Certificate;
}

/** A value that still answers while a flight goes on behind it. */
export interface BehindFind<V> extends Find<V> {
  /** Why it may answer if it is no longer fresh. */
  readonly stale: StaleReason | undefined;
}

/**
 * The flights of one namespace: at most one a key that may still be joined. They live beside the writes, because a
 * write must reach every flight of its key: what a flight brings may be older than what was written.
 */
export class Flights<V> {
  readonly #running = new Map<string, Flight<V>>();
  /** Flights by id that are not to be joined, but go on: there are few, and mostly none. */
  readonly #late = new Map<string, Set<Flight<V>>>();

  readonly #clock: Clock;
  readonly #certificate: Certificate;
  readonly #mayJoin: (flight: Flight<V>) => boolean;

  /** @param mayJoin - What else is asked of a flight before somebody joins it. */
  constructor({ clock, certificate }: FlightTime, mayJoin: (flight: Flight<V>) => boolean = () => true) {
    this.#clock = clock;
    this.#certificate = certificate;
    this.#mayJoin = mayJoin;
  }

  /** The number of flights that may be joined. */
  get size(): number {
    return this.#running.size;
  }

  /** The ids of all that goes on, joined or not; one may come twice. */
  *ids(): Iterable<string> {
    yield* this.#running.keys();
    yield* this.#late.keys();
  }

  /** The number of ids that have flights which go on without being joined. */
  get lateSize(): number {
    return this.#late.size;
  }

  /**
   * The flight to join for an id, if one is running, neither its key has been written nor a tag of it has ended since it began, and no
   * word of that can have been missed: a reader must not be given what was invalidated before he came.
   */
  running(id: string): Flight<V> | undefined {
    const flight = this.#running.get(id);
    return flight !== undefined && this.#mayBeJoined(flight) ? flight : undefined;
  }

  /** Everything that goes on for an id, joined or not. */
  underWay(id: string): readonly Flight<V>[] {
    const running = this.#running.get(id);
    const late = this.#late.get(id) ?? [];
    return running === undefined ? [...late] : [running, ...late];
  }

  /** That of a flight which begins now. */
  beginning(): Beginning {
    return { epoch: this.#certificate.epoch, startedAt: this.#clock.now() };
  }

  /** Begins a flight that others may join. The caller must end it with {@link succeed} or {@link fail}. */
  begin(id: string, departure: Departure<V>): Flight<V> {
    const flight = new Flight<V>(id, departure.beginning ?? this.beginning(), departure);
    // What may no longer be joined goes on all the same, and writes must still reach it.
    const other = this.#running.get(id);
    if (other !== undefined) this.becomeLate(other);
    this.#running.set(id, flight);
    return flight;
  }

  /** Begins a flight that nobody joins, within reach of writes. To be ended as any other, and then {@link landed}. */
  beginApart(id: string, departure: Departure<V>): Flight<V> {
    const flight = new Flight<V>(id, departure.beginning ?? this.beginning(), departure);
    this.#beLate(flight);
    return flight;
  }

  /** Begins a flight behind a value that still answers: whoever joins it while it does is given that value at once. */
  beginBehind(id: string, held: BehindFind<V>, footing: Footing): Flight<V> {
    const flight = this.begin(id, { held, footing, refreshes: true });
    flight.answerMeanwhile(held, held.stale);
    return flight;
  }

  /** Ends a flight with its answer. */
  succeed(flight: Flight<V>, answer: Answer<V>): void {
    this.#end(flight);
    flight.answer(answer);
  }

  /** Ends a flight with an error, the same for all who wait. */
  fail(flight: Flight<V>, error: unknown): void {
    this.#end(flight);
    flight.fail(error);
  }

  /** Takes from a key's flights the right to be joined and to keep their value. Those who wait already get it still. */
  supersede(id: string): void {
    this.#running.get(id)?.supersede();
    this.#running.delete(id);
    this.supersedeLate(id);
  }

  /** Takes from a key's late flights the right to keep their value: a newer one is there. */
  supersedeLate(id: string): void {
    for (const flight of this.#late.get(id) ?? []) flight.supersede();
  }

  /** Keeps a flight within reach of later writes after it has ended for those who wait; it is joined no longer. */
  becomeLate(flight: Flight<V>): void {
    this.#end(flight);
    // Its last reader may leave when it has just landed; then nothing would ever take it out again.
    if (!flight.landed) this.#beLate(flight);
  }

  /** The loader of a late flight has ended. */
  landed(flight: Flight<V>): void {
    flight.landed = true;
    const late = this.#late.get(flight.id);
    late?.delete(flight);
    if (late?.size === 0) this.#late.delete(flight.id);
  }

  #beLate(flight: Flight<V>): void {
    const late = this.#late.get(flight.id);
    if (late === undefined) this.#late.set(flight.id, new Set([flight]));
    else late.add(flight);
  }

  #mayBeJoined(flight: Flight<V>): boolean {
    if (flight.superseded || !this.#mayJoin(flight)) return false;
    const { epoch, startedAt } = flight;
    const { horizonMs, until } = this.#certificate;
    if (horizonMs === Number.POSITIVE_INFINITY) return true;
    const now = this.#clock.now();
    return now - startedAt <= horizonMs || (epoch === this.#certificate.epoch && now < until);
  }

  #end(flight: Flight<V>): void {
    // A flight that was superseded may have a successor under its id.
    if (this.#running.get(flight.id) === flight) this.#running.delete(flight.id);
  }
}
