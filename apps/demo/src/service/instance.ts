import { type Cache, createCache, type Observer } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import { msgpack } from "@tiercache/msgpack";
import { redis } from "@tiercache/redis";
import { CachedMatching } from "./cached-matching.ts";
import type { JobMatching } from "./job-matching.ts";
import { declareNamespaces, type Namespaces } from "./namespaces.ts";
import { personalData } from "./personal-data.ts";
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
}

/** One running copy of the service, with a cache of its own. */
export interface Instance {
  readonly service: JobMatching;
  readonly namespaces: Namespaces;
  readonly cache: Cache;
}

/** Enough for every entry of the report. */
const maxEntries = 20_000;

/** Starts an instance. Its cache must be closed. */
export function startInstance(world: World, options: InstanceOptions): Instance {
  const { redisUrl, prefix, observer, local = true } = options;
  const cache = createCache({ tiers: tiersOf(redisUrl, local), serializer: msgpack(), prefix, observer });
  const personal = personalData(world.secret);
  const namespaces = declareNamespaces(cache, world.origins, { model: world.model, personal });
  return { service: new CachedMatching(namespaces), namespaces, cache };
}

function tiersOf(redisUrl: string | undefined, local: boolean) {
  if (redisUrl === undefined) return [lru({ maxEntries })] as const;
  return local ? ([lru({ maxEntries }), redis({ url: redisUrl })] as const) : ([redis({ url: redisUrl })] as const);
}
