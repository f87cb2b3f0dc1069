import type { Cache, CacheStats, Health, HotKey, Namespace, WriteResult } from "@tiercache/core";
import type { NamespaceName } from "./namespaces/lifetimes.ts";
import type { Namespaces } from "./namespaces.ts";

/** What the cache has done, and which jobs are opened most. */
export interface ManagementStatistics extends CacheStats {
  readonly hotJobs: readonly HotKey<[id: number]>[];
}

/** What operators ask of the cache. */
export class Management {
  readonly #cache: Cache;
  readonly #namespaces: Namespaces;

  constructor(cache: Cache, namespaces: Namespaces) {
    this.#cache = cache;
    this.#namespaces = namespaces;
  }

  /** Known in this process: no tier is asked. */
  statistics(): ManagementStatistics {
    return { ...this.#cache.stats(), hotJobs: this.#namespaces.jobs.hotKeys() };
  }

  /** How the cache is, with a live round trip to each remote tier. */
  health(): Promise<Health> {
    return this.#cache.health();
  }

  /** Forgets everything in a namespace. */
  clear(name: NamespaceName): Promise<WriteResult> {
    const all = Object.values(this.#namespaces) as readonly Pick<Namespace<[], unknown>, "name" | "clear">[];
    const namespace = all.find((one) => one.name === name);
    if (namespace === undefined) throw new Error(`The namespace ${name} is not declared.`);
    return namespace.clear();
  }

  /** Ends everything that has one of these tags. */
  invalidate(tags: readonly string[]): Promise<WriteResult> {
    return this.#cache.invalidateTags(tags);
  }
}
