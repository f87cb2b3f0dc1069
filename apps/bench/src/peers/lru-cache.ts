import type { Peer } from "./peer.ts";

/** The floor of a hit in the process: an async function around a look-up, which is what one writes by hand. */
export const lruCache: Peer = {
  name: "lru-cache",
  setUp: "An async function around `get` of an LRUCache with `ttl`.",
  packages: ["lru-cache"],
  modules: ["lru-cache"],
  tiers: ["local"],

  async open({ load, maxEntries }) {
    const { LRUCache } = await import("lru-cache");
    const lru = new LRUCache<string, object>({ max: maxEntries, ttl: 3_600_000 });
    const loaded = async (key: string): Promise<unknown> => {
      const value = await load(key);
      if (typeof value === "object" && value !== null) lru.set(key, value);
      return value;
    };
    return {
      get: async (key) => lru.get(key) ?? loaded(key),
      peek: (key) => lru.get(key),
      invalidate: async (key) => lru.delete(key),
      close: async () => lru.clear(),
    };
  },
};
