import type { CacheEvent, Observer } from "@tiercache/core";

/** Counts what a cache tells its observer. */
export class ObserverTally implements Observer {
  readonly #counts: Record<string, number> = {};

  on(event: CacheEvent): void {
    this.#count(event.type === "hit" ? `hit ${event.tier}` : event.type);
    if (event.type === "tier-failed") this.#count(`failed ${event.operation}`);
  }

  get counts(): Readonly<Record<string, number>> {
    return this.#counts;
  }

  of(name: string): number {
    return this.#counts[name] ?? 0;
  }

  #count(name: string): void {
    this.#counts[name] = this.of(name) + 1;
  }
}
