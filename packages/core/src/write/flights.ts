/**
 * One running answer to a key: a read of the remote tiers and, if that finds nothing, a load. All who ask for the key
 * meanwhile wait for the same promise.
 */
export class Flight<V> {
  readonly id: string;
  /** Settles with the flight. A rejection that nobody waits for any longer is no unhandled one. */
  readonly promise: Promise<V>;
  readonly #settle: PromiseWithResolvers<V>;
  #superseded = false;

  constructor(id: string) {
    this.id = id;
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

  succeed(value: V): void {
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

  /** The number of flights that may be joined. */
  get size(): number {
    return this.#running.size;
  }

  /** The flight to join for an id, if one is running and its key has not been written since it began. */
  running(id: string): Flight<V> | undefined {
    return this.#running.get(id);
  }

  /** Begins a flight that others may join. The caller must end it with {@link succeed} or {@link fail}. */
  begin(id: string): Flight<V> {
    const flight = new Flight<V>(id);
    this.#running.set(id, flight);
    return flight;
  }

  /** Ends a flight with its value. */
  succeed(flight: Flight<V>, value: V): void {
    this.#end(flight);
    flight.succeed(value);
  }

  /** Ends a flight with an error, the same for all who wait. */
  fail(flight: Flight<V>, error: unknown): void {
    this.#end(flight);
    flight.fail(error);
  }

  /** Takes from a key's flight the right to be joined and to keep its value. Those who wait already get it still. */
  supersede(id: string): void {
    this.#running.get(id)?.supersede();
    this.#running.delete(id);
  }

  #end(flight: Flight<V>): void {
    // A flight that was superseded may have a successor under its id.
    if (this.#running.get(flight.id) === flight) this.#running.delete(flight.id);
  }
}
