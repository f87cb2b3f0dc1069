interface Waiter<T> {
  readonly count: number;
  readonly resolve: (items: readonly T[]) => void;
}

/** Things that wait for a test, oldest first. */
export class HeldList<T> {
  #items: readonly T[] = [];
  #waiters: readonly Waiter<T>[] = [];

  get items(): readonly T[] {
    return this.#items;
  }

  add(item: T): void {
    this.#items = [...this.#items, item];
    const ready = this.#waiters.filter(({ count }) => this.#items.length >= count);
    this.#waiters = this.#waiters.filter((waiter) => !ready.includes(waiter));
    for (const { resolve } of ready) resolve(this.#items);
  }

  remove(item: T): void {
    this.#items = this.#items.filter((other) => other !== item);
  }

  clear(): void {
    this.#items = [];
  }

  /** Resolves to the items as soon as there are at least so many. */
  whenAtLeast(count: number): Promise<readonly T[]> {
    if (this.#items.length >= count) return Promise.resolve(this.#items);
    return new Promise((resolve) => {
      this.#waiters = [...this.#waiters, { count, resolve }];
    });
  }
}
