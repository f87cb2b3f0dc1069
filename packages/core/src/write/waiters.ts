import type { Clock, Ms } from "../contracts/clock.ts";

/** Those in this process who wait for another process to fill a key. */
export class Waiters {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The number of keys that somebody waits for. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Resolves when the key is {@link wake woken}, or after `timeoutMs`. */
  wait(id: string, timeoutMs: Ms): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        const others = this.#waiting.get(id);
        others?.delete(done);
        if (others?.size === 0) this.#waiting.delete(id);
        resolve();
      };
      const others = this.#waiting.get(id);
      if (others === undefined) this.#waiting.set(id, new Set([done]));
      else others.add(done);
      const cancel = this.#clock.after(timeoutMs, () => done());
    });
  }

  /** Something has happened to a key: whoever waits for it looks again. */
  wake(id: string): void {
    for (const done of this.#waiting.get(id) ?? []) done();
  }
}
