/** A place in the queue for one lock. */
export interface Turn {
  /** Resolves when everyone before has ended; `undefined` where there was nobody. */
  readonly begun: Promise<void> | undefined;
  /** Ends the turn, or gives up the place. Calling it again does nothing. */
  end(): void;
}

interface Place {
  begin(): void;
}

/** Who in this process may have a lock, in the order in which they came: one at a time. */
export class Turns {
  readonly #queues = new Map<string, Place[]>();

  /** The number of locks that somebody has or waits for. */
  get size(): number {
    return this.#queues.size;
  }

  /** Joins the queue for a lock. */
  join(name: string): Turn {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const place: Place = { begin };
    const end = (): void => this.#leave(name, place);
    const queue = this.#queues.get(name);
    if (queue === undefined) {
      this.#queues.set(name, [place]);
      return { begun: undefined, end };
    }
    queue.push(place);
    return { begun, end };
  }

  #leave(name: string, place: Place): void {
    const queue = this.#queues.get(name);
    const at = queue?.indexOf(place) ?? -1;
    if (queue === undefined || at === -1) return;
    queue.splice(at, 1);
    if (queue.length === 0) this.#queues.delete(name);
    else if (at === 0) queue[0]?.begin();
  }
}
