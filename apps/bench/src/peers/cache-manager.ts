import type { Peer } from "./peer.ts";

/** https://www.npmjs.com/package/cache-manager: its README, "multiple stores". */
export const cacheManager: Peer = {
  name: "cache-manager",
  setUp: "createKeyv() of cacheable for the memory, createKeyv() of @keyv/redis; it has no bus.",
  packages: ["cache-manager", "cacheable", "@keyv/redis", "keyv"],
  modules: ["cache-manager", "cacheable", "@keyv/redis"],
  tiers: ["local", "remote", "both"],

  async open({ tiers, url, name, load, maxEntries }) {
    const { createCache } = await import("cache-manager");
    const { createKeyv } = await import("cacheable");
    const redis = await import("@keyv/redis");
    const stores = [
      ...(tiers === "remote" ? [] : [createKeyv({ ttl: "1h", lruSize: maxEntries })]),
      ...(tiers === "local" ? [] : [redis.createKeyv(url, { namespace: name })]),
    ];
    for (const store of stores) store.on("error", () => {});
    const cache = createCache({ stores, ttl: 3_600_000 });
    return {
      get: (key) => cache.wrap(key, () => load(key)),
      invalidate: (key) => cache.del(key),
      close: () => cache.disconnect(),
    };
  },
};
