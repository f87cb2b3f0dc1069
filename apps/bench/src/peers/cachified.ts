import type { Cache, CacheEntry } from "@epic-web/cachified";
import type { Redis } from "ioredis";
import type { Peer, PeerCache, PeerOptions } from "./peer.ts";

const TTL_MS = 3_600_000;

/** https://www.npmjs.com/package/@epic-web/cachified: the adapters of its README, one cachified() in another. */
export const cachified: Peer = {
  name: "cachified",
  setUp:
    "The README's adapter for lru-cache, one of JSON for ioredis, nested; its batches are of loaders in front of one cache.",
  packages: ["@epic-web/cachified", "lru-cache", "ioredis"],
  modules: ["@epic-web/cachified", "lru-cache", "ioredis"],
  tiers: ["local", "remote", "both"],

  async open(options) {
    const { cachified: read } = await import("@epic-web/cachified");
    const { Redis } = await import("ioredis");
    const client = options.tiers === "local" ? undefined : new Redis(options.url).on("error", () => {});
    const local = options.tiers === "remote" ? undefined : await localCache(options.maxEntries);
    const remote = client === undefined ? undefined : remoteCache(client, options.name);
    const caches = [local, remote].filter((cache) => cache !== undefined);
    const through = (key: string, load: () => unknown): Promise<unknown> => {
      const [far, near] = caches.toReversed();
      const fromFar = async (): Promise<unknown> =>
        far ? read({ key, cache: far, ttl: TTL_MS, getFreshValue: load }) : load();
      return near === undefined ? fromFar() : read({ key, cache: near, ttl: TTL_MS, getFreshValue: fromFar });
    };
    const cache: PeerCache = {
      get: (key) => through(key, () => options.load(key)),
      invalidate: (key) => Promise.all(caches.map((tier) => tier.delete(key))),
      close: async () => client?.disconnect(),
    };
    return cache;
  },
};

async function localCache(max: PeerOptions["maxEntries"]): Promise<Cache> {
  const { LRUCache } = await import("lru-cache");
  const lru = new LRUCache<string, CacheEntry>({ max });
  return {
    set: (key, entry) => lru.set(key, entry, { ttl: TTL_MS, start: entry.metadata.createdTime }),
    get: (key) => lru.get(key),
    delete: (key) => lru.delete(key),
  };
}

function remoteCache(client: Redis, name: string): Cache {
  return {
    set: (key, entry) => client.set(`${name}:${key}`, JSON.stringify(entry), "PX", TTL_MS),
    async get(key) {
      const text = await client.get(`${name}:${key}`);
      return text === null ? null : (JSON.parse(text) as CacheEntry);
    },
    delete: (key) => client.unlink(`${name}:${key}`),
  };
}
