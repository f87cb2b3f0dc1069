import { type Cache, createCache, type Namespace } from "@tiercache/core";
import { lru } from "@tiercache/lru";

const looks = 200;

/**
 * Measures how long a hit in a local tier takes. In a cache of its own, as hits do not time themselves, and looks into the service's
 * would be counted as its reads.
 */
export class LocalLook {
  readonly #cache: Cache = createCache({ tiers: [lru({ maxEntries: 10 })] });
  readonly #namespace: Namespace<[id: string], string> = this.#cache.namespace("look", {
    ttlMs: Number.POSITIVE_INFINITY,
  });

  /** In ms: the mean of many in a row, as one alone is shorter than what clocks can tell. */
  async takenMs(): Promise<number> {
    if (this.#namespace.peek("1") === undefined) await this.#namespace.set("1", "value");
    const startedAt = performance.now();
    for (let look = 0; look < looks; look++) this.#namespace.peek("1");
    return (performance.now() - startedAt) / looks;
  }
}
