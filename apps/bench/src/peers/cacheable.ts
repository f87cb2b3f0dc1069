import type { Peer, PeerOptions } from "./peer.ts";

/** https://cacheable.org: its README, "Non-Blocking with @keyv/redis". */
export const cacheable: Peer = {
  name: "cacheable",
  setUp:
    "Its own memory, createKeyvNonBlocking() of @keyv/redis behind, `nonBlocking`; without CacheableSync, which sends whole values.",
  packages: ["cacheable", "@keyv/redis", "keyv"],
  modules: ["cacheable", "@keyv/redis"],
  tiers: ["local", "remote", "both"],

  async open(options) {
    const { load, tagOf } = options;
    const { Cacheable } = await import("cacheable");
    const cache = new Cacheable({ ...(await storesOf(options)), ttl: "1h", tags: tagOf !== undefined });
    cache.on("error", () => {});
    const tagged = async (key: string): Promise<unknown> => {
      const found: unknown = await cache.get(key);
      if (found !== undefined || tagOf === undefined) return found;
      const value = await load(key);
      await cache.set(key, value, { tags: [tagOf(key)] });
      return value;
    };
    return {
      get: tagOf === undefined ? (key) => cache.getOrSet(key, () => load(key)) : tagged,
      invalidate: (key) => cache.delete(key),
      ...(tagOf === undefined ? {} : { invalidateTag: (tag: string) => cache.tags.invalidateTag(tag) }),
      close: () => cache.disconnect(),
    };
  },
};

async function storesOf({ tiers, url, name }: PeerOptions): Promise<object> {
  if (tiers === "local") return {};
  const { createKeyvNonBlocking } = await import("@keyv/redis");
  const remote = createKeyvNonBlocking(url, { namespace: name });
  return tiers === "remote" ? { primary: remote } : { secondary: remote, nonBlocking: true };
}
