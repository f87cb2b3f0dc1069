import { setTimeout } from "node:timers/promises";
import type { Cache, RemoteTier, Tiers } from "@tiercache/core";
import type { Peer, PeerCache, PeerOptions } from "./peer.ts";

/** This library: what it is measured as. */
export const tiercache: Peer = {
  name: "tiercache",
  setUp: "Defaults: lru(), redis(), msgpack(); fenced, with its bus, statistics on.",
  packages: ["@tiercache/core", "@tiercache/lru", "@tiercache/redis", "@tiercache/msgpack", "ioredis", "lru-cache"],
  modules: ["@tiercache/core", "@tiercache/lru", "@tiercache/redis", "@tiercache/msgpack"],
  tiers: ["local", "remote", "both"],

  async open(options) {
    const { createCache } = await import("@tiercache/core");
    const { msgpack } = await import("@tiercache/msgpack");
    const cache = createCache({
      tiers: await tiersOf(options),
      serializer: msgpack(),
      ttlMs: 3_600_000,
      prefix: options.name,
      ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
    });
    if (options.tiers !== "local") await connected(cache);
    return cacheOf(cache, options);
  },
};

/** Until a connection is there, what is loaded is kept in the process alone. */
async function connected(cache: Cache): Promise<void> {
  const isThere = async (): Promise<boolean> => (await cache.health()).tiers[0]?.roundTripMs !== undefined;
  for (let tries = 0; tries < 1_000 && !(await isThere()); tries++) await setTimeout(10);
}

async function tiersOf({ tiers, url, maxEntries }: PeerOptions): Promise<Tiers> {
  const { lru } = await import("@tiercache/lru");
  const local = lru({ maxEntries });
  if (tiers === "local") return [local];
  const { redis } = await import("@tiercache/redis");
  const remote: RemoteTier = redis({ url });
  return tiers === "both" ? [local, remote] : [remote];
}

function cacheOf(cache: Cache, { load, loadMany, tagOf }: PeerOptions): PeerCache {
  const tags = tagOf === undefined ? {} : { tags: (id: string) => [tagOf(id)] };
  const values = cache.namespace<unknown>("value", { ...tags, load: (id) => load(id) });
  const many = cache.namespace<unknown>("many", {
    ...tags,
    loadMany: async (ids) => [...(await loadMany(ids.map(([id]) => id)))],
  });
  return {
    get: (key) => values.get(key),
    peek: (key) => values.peek(key),
    getMany: (keys) => many.getMany(keys),
    invalidate: (key) => values.invalidate(key),
    invalidateTag: (tag) => cache.invalidateTags([tag]),
    invalidateBeginning: (beginning) => values.invalidatePattern(`${beginning}*`),
    close: () => cache.close(),
  };
}
