import type { CacheEvent, Observer } from "@tiercache/core";

/** How many reads of keys each tier answered. */
export interface TierHits {
  readonly byTier: Readonly<Record<string, number>>;
  /** Reads of keys that joined another read of the same key: answered without asking a tier or an origin. */
  readonly joined: number;
  /** Reads of keys that no tier could answer. */
  readonly missed: number;
}

/** Counts what a cache tells of its reads. One counter may listen to several caches. */
export class TierCounter implements Observer {
  #byTier: Record<string, number> = {};
  #joined = 0;
  #missed = 0;

  on(event: CacheEvent): void {
    if (event.type === "hit") this.#byTier[event.tier] = (this.#byTier[event.tier] ?? 0) + 1;
    else if (event.type === "joined") this.#joined += 1;
    else if (event.type === "miss") this.#missed += 1;
  }

  /** What was counted since the last call; the count starts anew. */
  take(): TierHits {
    const taken = { byTier: this.#byTier, joined: this.#joined, missed: this.#missed };
    this.#byTier = {};
    this.#joined = 0;
    this.#missed = 0;
    return taken;
  }
}
