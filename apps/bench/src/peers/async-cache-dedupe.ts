import type { StorageInputMemory, StorageInputRedis } from "async-cache-dedupe";
import type { Redis } from "ioredis";
import type { Peer, PeerOptions } from "./peer.ts";

const TTL_SECONDS = 3_600;

/** https://www.npmjs.com/package/async-cache-dedupe: its README. */
export const asyncCacheDedupe: Peer = {
  name: "async-cache-dedupe",
  setUp: "One storage, memory or Redis: it has no tiers; `references` for tags.",
  packages: ["async-cache-dedupe", "ioredis"],
  modules: ["async-cache-dedupe", "ioredis"],
  tiers: ["local", "remote"],

  async open(options) {
    const { tiers, name, load, tagOf } = options;
    const { createCache } = await import("async-cache-dedupe");
    const { Redis } = await import("ioredis");
    const client = tiers === "local" ? undefined : new Redis(options.url).on("error", () => {});
    // Its name is part of every key in Redis.
    const cache = createCache({ ttl: TTL_SECONDS, storage: storageOf(options, client) }).define(
      name,
      tagOf === undefined ? {} : { references: (key: string) => [tagOf(key)] },
      (key: string) => load(key),
    );
    const read = cache[name] as unknown as (key: string) => Promise<unknown>;
    return {
      get: (key) => read(key),
      invalidate: (key) => cache.clear(name, key),
      ...(tagOf === undefined ? {} : { invalidateTag: (tag: string) => cache.invalidateAll([tag]) }),
      close: async () => client?.disconnect(),
    };
  },
};

function storageOf(
  { maxEntries, tagOf }: PeerOptions,
  client: Redis | undefined,
): StorageInputMemory | StorageInputRedis {
  if (client === undefined) return { type: "memory", options: { size: maxEntries, invalidation: tagOf !== undefined } };
  const invalidation = tagOf === undefined ? {} : { invalidation: { referencesTTL: TTL_SECONDS } };
  return { type: "redis", options: { client, ...invalidation } };
}
