import type { Redis } from "ioredis";
import type { Peer, PeerOptions } from "./peer.ts";

const TTL_MS = 3_600_000;

/** https://www.npmjs.com/package/layered-loader: its README, "Update notifications". */
export const layeredLoader: Peer = {
  name: "layered-loader",
  setUp:
    "Loader with an in-memory cache, RedisCache with `json`, a notification pair; tags would be groups, one a key, in another class.",
  packages: ["layered-loader", "ioredis"],
  modules: ["layered-loader", "ioredis"],
  tiers: ["local", "remote", "both"],

  async open(options) {
    const { Loader } = await import("layered-loader");
    const { Redis } = await import("ioredis");
    const clients = Array.from({ length: { local: 0, remote: 1, both: 3 }[options.tiers] }, () =>
      new Redis(options.url).on("error", () => {}),
    );
    const loader = new Loader<unknown>({
      ...(await tiersOf(options, clients)),
      // Many values are told apart by what they contain.
      cacheKeyFromValueResolver: (value) => (value as { readonly id: string }).id,
      dataSourceGetOneFn: (key: string) => options.load(key),
      dataSourceGetManyFn: async (keys: string[]) => [...(await options.loadMany(keys))],
    });
    await loader.init();
    return {
      get: (key) => loader.get(key),
      peek: (key) => loader.getInMemoryOnly(key),
      getMany: (keys) => loader.getMany([...keys]),
      invalidate: (key) => loader.invalidateCacheFor(key),
      close: async () => clients.map((client) => client.disconnect()),
    };
  },
};

async function tiersOf({ tiers, name, maxEntries }: PeerOptions, clients: readonly Redis[]): Promise<object> {
  const { createNotificationPair, RedisCache } = await import("layered-loader");
  const [client, publisherRedis, consumerRedis] = clients;
  const inMemoryCache = { cacheId: name, ttlInMsecs: TTL_MS, maxItems: maxEntries };
  if (client === undefined) return { inMemoryCache };
  const asyncCache = new RedisCache<unknown>(client, { prefix: name, json: true, ttlInMsecs: TTL_MS });
  if (tiers === "remote" || publisherRedis === undefined || consumerRedis === undefined) return { asyncCache };
  const pair = createNotificationPair<unknown>({ channel: name, publisherRedis, consumerRedis });
  return { inMemoryCache, asyncCache, notificationConsumer: pair.consumer, notificationPublisher: pair.publisher };
}
