import type { Entry } from "../contracts/entry.ts";
import { newer } from "../entry/freshness.ts";

/**
 * One running answer to a key: a read of the remote tiers and, if that finds nothing, a load. All who ask for the key
 * meanwhile wait for the same promise.
 */
export class Flight<V> {
  readonly id: string;
  /** Settles with the flight, or before. A rejection that nobody waits for any longer is no unhandled one. */
  readonly promise: Promise<V>;
  /** Whether it was begun to replace a value that is still good enough to answer. */
  readonly refreshes: boolean;
  readonly #settle: PromiseWithResolvers<V>;
  #superseded = false;
  #stale: Entry<V> | undefined;

  constructor(id: string, held: Entry<V> | undefined, refreshes: boolean) {
    this.id = id;
    this.refreshes = refreshes;
    this.#stale = held;
    this.#settle = Promise.withResolvers<V>();
    this.promise = this.#settle.promise;
    this.promise.catch(() => {});
  }

  /** Whether the key was written after this flight began: its value may be returned, but must not be kept. */
  get superseded(): boolean {
    return this.#superseded;
  }

  supersede(): void {
    this.#superseded = true;
  }

  /** The newest value found so far that is no longer fresh; none once the key has been written. */
  get stale(): Entry<V> | undefined {
    return this.#superseded ? undefined : this.#stale;
  }

  foundStale(entry: Entry<V>): void {
    this.#stale = newer(this.#stale, entry);
  }

  /** Answers all who wait, now or later. Only the first answer counts; the flight may go on after it. */
  answer(value: V): void {
    this.#settle.resolve(value);
  }

  fail(error: unknown): void {
    this.#settle.reject(error);
  }
}

/**
 * The flights of one namespace: at most one a key that may still be joined. They live beside the writes, because a
 * write must reach every flight of its key: what a flight brings may be older than what was written.
 */
export class Flights<V> {
  readonly #running = new Map<string, Flight<V>>();
  /** Flights that nobody waits for any longer, but whose loader goes on: there are few, and mostly none. */
  readonly #late = new Set<Flight<V>>();

  /** The number of flights that may be joined. */
  get size(): number {
    return this.#running.size;
  }

  /** The flight to join for an id, if one is running and its key has not been written since it began. */
  running(id: string): Flight<V> | undefined {
    return this.#running.get(id);
  }

  /**
   * Begins a flight that others may join. The caller must end it with {@link succeed} or {@link fail}.
   *
   * @param held - An entry of the key that is at hand, but does not answer by itself.
   */
  begin(id: string, held?: Entry<V>): Flight<V> {
    return this.#begin(new Flight<V>(id, held, false));
  }

  /** Begins a flight behind a value that still answers: whoever joins it is given that value at once. */
  beginBehind(id: string, held: Entry<V>): Flight<V> {
    const flight = this.#begin(new Flight<V>(id, held, true));
    flight.answer(held.value);
    return flight;
  }

  /** Ends a flight with its value. */
  succeed(flight: Flight<V>, value: V): void {
    this.#end(flight);
    flight.answer(value);
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
    for (const flight of this.#late) if (flight.id === id) flight.supersede();
  }

  /** Keeps a flight within reach of later writes after it has ended for those who wait. */
  becomeLate(flight: Flight<V>): void {
    this.#late.add(flight);
  }

  /** The loader of a late flight has ended. */
  landed(flight: Flight<V>): void {
    this.#late.delete(flight);
  }

  #begin(flight: Flight<V>): Flight<V> {
    this.#running.set(flight.id, flight);
    return flight;
  }

  #end(flight: Flight<V>): void {
    // A flight that was superseded may have a successor under its id.
    if (this.#running.get(flight.id) === flight) this.#running.delete(flight.id);
  }
}
