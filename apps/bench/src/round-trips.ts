import type { Link, LinkProxy } from "@tooling/redis-server";

/**
 * Counts round trips through a proxy: a client that sends something after it was answered begins another one. What it
 * sends in one go, or without waiting, is one.
 */
export class RoundTrips {
  readonly #answered = new Map<Link, number>();
  #count = 0;

  constructor(proxy: LinkProxy) {
    proxy.onEachThatSends("", (link) => {
      const { length } = link.answered;
      if (this.#answered.get(link) === length) return;
      this.#answered.set(link, length);
      this.#count++;
    });
  }

  /** How many there were since this was last asked. */
  sinceLast(): number {
    const count = this.#count;
    this.#count = 0;
    return count;
  }
}
