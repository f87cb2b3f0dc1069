/** One who waits for a lock that another process holds. */
export class LockWaiter {
  #isWoken = false;
  #wake: (() => void) | undefined;

  /** Resolves when it is woken, at once if it has been since the last time. */
  woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (this.#isWoken) this.wake();
    });
  }

  wake(): void {
    this.#isWoken = this.#wake === undefined;
    this.#wake?.();
    this.#wake = undefined;
  }
}

/** Those in this process whose turn it is, while other processes hold what they want: at most one a lock. */
export class LockWaiters {
  readonly #waiting = new Map<string, LockWaiter>();

  /** The number of locks that are waited for. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Begins to wait, before the lock is asked for: the word that it is free could be here before the answer. */
  begin(name: string): LockWaiter {
    const waiter = new LockWaiter();
    this.#waiting.set(name, waiter);
    return waiter;
  }

  end(name: string, waiter: LockWaiter): void {
    if (this.#waiting.get(name) === waiter) this.#waiting.delete(name);
  }

  /** A lock may be free. */
  wake(name: string): void {
    this.#waiting.get(name)?.wake();
  }
}
