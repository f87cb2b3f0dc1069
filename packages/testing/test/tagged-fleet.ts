import { type CacheOptions, createCache, type LoadingNamespace, minutes } from "@tiercache/core";
import { type Interleaving, type MemoryServer, memoryServer, type ScriptedTierOptions } from "../src/index.ts";
import { mapTier } from "./fleet.ts";

/** One process of a {@link TaggedFleet}. */
export interface TaggedProcess {
  /** Values whose tag is known from the key. */
  readonly users: LoadingNamespace<[id: string], number>;
  /** Values whose tag only their loader knows. */
  readonly found: LoadingNamespace<[id: string], number>;
  /** Changes the database and then tells the cache. */
  update(how: "invalidateTags" | "deleteByTags" | "clear"): Promise<string>;
}

/** Processes of an interleaving that cache versions of one database under a tag, each with a local tier in front of one server. */
export class TaggedFleet {
  readonly server: MemoryServer;
  version = 1;
  /** How often the database was asked. */
  loads = 0;
  readonly #run: Interleaving;
  readonly #options: Partial<CacheOptions>;

  constructor(run: Interleaving, options: Partial<CacheOptions> = {}) {
    this.#run = run;
    this.#options = options;
    this.server = memoryServer({ clock: run.clock });
  }

  process(name: string, tier?: ScriptedTierOptions): TaggedProcess {
    const { clock } = this.#run;
    const process = this.#run.process(name);
    const tiers = [mapTier(), process.tier(this.server.tier(), tier)] as const;
    const options = { tiers, clock, ttlMs: minutes(1), horizonMs: Number.POSITIVE_INFINITY, ...this.#options };
    const cache = createCache(options);
    const select = (): Promise<number> =>
      process.ask("select", () => {
        this.loads++;
        return this.version;
      });
    const users = cache.namespace("user", { load: select, tags: () => ["version"] });
    const found = cache.namespace("found", {
      load: async (_id: string, { addTags }) => {
        const version = await select();
        addTags("version");
        return version;
      },
    });
    return {
      users,
      found,
      update: async (how) => {
        this.version++;
        const { status } = await (how === "clear" ? cache.clear() : cache[how](["version"]));
        return status;
      },
    };
  }

  /** A server that is short of memory forgets all tokens. */
  evictTokens(): void {
    for (const key of this.server.keys) if (/^:(tag|generation):/.test(key)) this.server.evict(key);
  }
}
