/**
 * Keeps the writes and removals of a tier in their order while its time is being learned: a write needs it, and a removal must not
 * overtake a write that was given before it.
 */
export class TimeOrder {
  readonly #ask: (key: string) => Promise<unknown>;
  /** What waits; `undefined` while nothing has to. */
  #waiting: (() => void)[] | undefined;

  /** @param ask - Reads a key, by which a tier learns its time. Must not reject. */
  constructor(ask: (key: string) => Promise<unknown>) {
    this.#ask = ask;
  }

  /** A tier knows its time once it has answered a read. What comes meanwhile waits. */
  learnTime(key: string): void {
    if (this.#waiting !== undefined) return;
    this.#waiting = [];
    void this.#ask(key).then(() => {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      // All at once, so that nothing that comes later overtakes them.
      for (const go of waiting) go();
    });
  }

  /** Whether nothing has to wait for its turn. */
  get isOpen(): boolean {
    return this.#waiting === undefined;
  }

  /** Does something in its turn. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const waiting = this.#waiting;
    if (waiting === undefined) return task();
    return new Promise((resolve) => {
      waiting.push(() => resolve(task()));
    });
  }
}
