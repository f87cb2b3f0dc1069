import { Cache } from "./cache.ts";
import { type CacheOptions, stackOf } from "./stack.ts";

/**
 * Makes a cache from its tiers, nearest first.
 *
 * @throws {@link CacheError} `INVALID_OPTION` for a wrong name or value, naming the option, the value and what is
 * allowed.
 *
 * @example
 * ```ts
 * import { createCache, minutes } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 *
 * const cache = createCache({ tiers: [lru({ maxEntries: 10_000 })], ttlMs: minutes(5) });
 * const users = cache.namespace("user", { load: (id) => ({ id, name: `user ${id}` }) });
 * console.log((await users.get("7")).name); // "user 7"
 * await cache.close();
 * ```
 */
export function createCache(options: CacheOptions): Cache {
  return new Cache(stackOf(options));
}
