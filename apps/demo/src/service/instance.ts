import { type Cache, createCache, type Observer, type Tiers } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { msgpack } from "@tiercache/msgpack";
import { redis } from "@tiercache/redis";
import { type CacheSettings, cacheSettings } from "./cache-settings.ts";
import { declareNamespaces, type Namespaces } from "./namespaces.ts";
import { personalData } from "./personal-data.ts";
import { type Services, servicesOf } from "./services.ts";
import type { World } from "./world.ts";

/** Which tiers an instance has, and who listens. */
export interface InstanceOptions {
  /** Of the remote tier. @defaultValue none: the local tier alone */
  readonly redisUrl?: string | undefined;
  /** Keeps what this instance shares apart from others on the same server. */
  readonly prefix: string;
  readonly observer: Observer | readonly Observer[];
  /** Whether it keeps anything in the process. @defaultValue true */
  readonly local?: boolean;
  /** Whether there is a cache at all, and how long values live. @defaultValue with a cache, as in production */
  readonly settings?: Pick<CacheSettings, "backend" | "ttlOf">;
}

/** One running copy of the service, with a cache of its own. */
export interface Instance {
  readonly services: Services;
  readonly namespaces: Namespaces;
  readonly cache: Cache;
}

/** Enough for every entry of the report. */
const maxEntries = 20_000;

const production = cacheSettings({ CACHE_PROFILE: "production" });

/** Starts an instance. Its cache must be closed. */
export function startInstance(world: World, options: InstanceOptions): Instance {
  const { prefix, observer, settings = production } = options;
  const { origins, seed } = world;
  const enabled = settings.backend !== "off";
  const cache = createCache({ tiers: tiersOf(options), serializer: msgpack(), prefix, observer, enabled });
  const personal = personalData(world.secret);
  const namespaces = declareNamespaces(cache, origins, { personal, ttlOf: settings.ttlOf });
  const services = servicesOf({ cache, namespaces, origins, seed });
  return { services, namespaces, cache };
}

function tiersOf({ redisUrl, local = true, settings = production }: InstanceOptions): Tiers {
  if (redisUrl === undefined) return [lru({ maxEntries })];
  const remote = redis({ url: redisUrl });
  return local && settings.backend !== "redis" ? [lru({ maxEntries }), remote] : [remote];
}
