import type { Peer } from "./peer.ts";

/** https://bentocache.dev/docs/multi-tier */
export const bentocache: Peer = {
  name: "bentocache",
  setUp: "memoryDriver, redisDriver, redisBusDriver; ioredis 5, which it asks for.",
  packages: ["bentocache", "ioredis"],
  modules: ["@tiercache/bench-bentocache"],
  tiers: ["local", "remote", "both"],

  async open({ tiers, url, name, load, maxEntries, tagOf }) {
    const { BentoCache, bentostore, memoryDriver, redisBusDriver, redisDriver } = await import(
      "@tiercache/bench-bentocache"
    );
    const { hostname: host, port } = new URL(url);
    const connection = { host, port: Number(port) };
    const local = memoryDriver({ maxItems: maxEntries });
    const remote = redisDriver({ connection });
    const stores = {
      local: () => bentostore().useL1Layer(local),
      remote: () => bentostore().useL2Layer(remote),
      both: () => bentostore().useL1Layer(local).useL2Layer(remote).useBus(redisBusDriver({ connection })),
    };
    const cache = new BentoCache({ default: "values", prefix: name, ttl: "1h", stores: { values: stores[tiers]() } });
    return {
      get: (key) =>
        cache.getOrSet({ key, factory: () => load(key), ...(tagOf === undefined ? {} : { tags: [tagOf(key)] }) }),
      invalidate: (key) => cache.delete({ key }),
      invalidateTag: (tag) => cache.deleteByTag({ tags: [tag] }),
      close: () => cache.disconnectAll(),
    };
  },
};
