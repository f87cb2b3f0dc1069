import type { CacheEvent, Observer } from "@tiercache/core";

/** How many reads of keys each tier answered. */
export interface TierHits {
  readonly byTier: Readonly<Record<string, number>>;
  /** Reads of keys that joined another read of the same key: answered without asking a tier or an origin. */
  readonly joined: number;
  /** Reads of keys that no tier could answer. */
  readonly missed: number;
}

/** Counts what caches tell of their reads, by namespace. One counter may listen to several caches. */
export class TierCounter implements Observer {
  readonly #counts = new Map<string, number>();

  on(event: CacheEvent): void {
    if (event.type === "hit") this.#count(`${event.namespace} ${event.tier}`);
    // What the local tier answers while nobody can confirm it, as on a machine that is too busy for the bus.
    else if (event.type === "stale" && event.why === "uncertified") this.#count(`${event.namespace} lru`);
    else if (event.type === "joined" || event.type === "miss") this.#count(`${event.namespace} ${event.type}`);
  }

  /** What was counted for the given namespaces since the last call; all counts start anew. */
  take(namespaces: readonly string[]): TierHits {
    const byTier: Record<string, number> = {};
    for (const [name, count] of this.#counts) {
      const [namespace = "", outcome = ""] = name.split(" ");
      if (namespaces.includes(namespace)) byTier[outcome] = (byTier[outcome] ?? 0) + count;
    }
    this.#counts.clear();
    const { joined = 0, miss: missed = 0, ...tiers } = byTier;
    return { byTier: tiers, joined, missed };
  }

  #count(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
}
