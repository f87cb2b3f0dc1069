/**
 * Gathers what is asked for in one tick, and hands it on together: only once every promise that is already settled has run its course,
 * as a tick callback asked for inside a microtask runs when no microtask is left.
 */
export class TickFold<T> {
  readonly #send: (all: readonly T[]) => void;
  #gathered: T[] = [];

  /** @param send - Is given at least one, in the order in which they were added. Must not throw. */
  constructor(send: (all: readonly T[]) => void) {
    this.#send = send;
  }

  add(one: T): void {
    // The first one sends all.
    if (this.#gathered.length === 0) queueMicrotask(this.#sendSoon);
    this.#gathered.push(one);
  }

  readonly #sendSoon = (): void => process.nextTick(this.#sendAll);

  readonly #sendAll = (): void => {
    const gathered = this.#gathered;
    this.#gathered = [];
    this.#send(gathered);
  };
}
