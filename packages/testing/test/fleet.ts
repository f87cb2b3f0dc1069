import {
  type CacheOptions,
  createCache,
  type Entry,
  type LoadingNamespace,
  type LocalSpace,
  type LocalTier,
  minutes,
  type RemoteTier,
  type Tiers,
} from "@tiercache/core";
import { type Interleaving, type MemoryServer, memoryServer, type ScriptedTierOptions } from "../src/index.ts";
import { PlainMemoryTier } from "../src/memory/plain-memory-tier.ts";

/** A local tier without bounds. */
export function mapTier(): LocalTier {
  return {
    name: "map",
    open<V>(): LocalSpace<V> {
      const entries = new Map<string, Entry<V>>();
      return {
        get size() {
          return entries.size;
        },
        get: (id) => entries.get(id),
        set: (id, entry) => void entries.set(id, entry),
        delete: (id) => void entries.delete(id),
        clear: () => entries.clear(),
      };
    },
  };
}

/** What the processes of a {@link Fleet} are made of. */
export interface FleetOptions {
  readonly cache?: Partial<CacheOptions>;
  readonly tier?: ScriptedTierOptions;
  /** Whether the server can fence and announce. @defaultValue true */
  readonly isFenced?: boolean;
}

/** One process of a {@link Fleet}. */
export interface FleetProcess {
  readonly users: LoadingNamespace<[id: string], number>;
  /** Changes the database and then tells the cache. */
  update(): Promise<string>;
}

/** Processes of an interleaving that cache versions of one database, each with a local tier in front of one server. */
export class Fleet {
  readonly server: MemoryServer;
  version = 1;
  /** How often the database was asked. */
  loads = 0;
  readonly #run: Interleaving;
  readonly #options: FleetOptions;

  constructor(run: Interleaving, options: FleetOptions = {}) {
    this.#run = run;
    this.#options = options;
    this.server = memoryServer({ clock: run.clock });
  }

  process(name: string): FleetProcess {
    const process = this.#run.process(name);
    const load = (_id: string): Promise<number> =>
      process.ask("select", () => {
        this.loads++;
        return this.version;
      });
    const users = this.#users([mapTier(), process.tier(this.#tier(), this.#options.tier)], load);
    return {
      users,
      update: async () => {
        this.version++;
        const { status } = await users.invalidate("7");
        return status;
      },
    };
  }

  /** What a process reads that has just been started, straight from the server; 0 where there is nothing. */
  async held(): Promise<number> {
    const { clock } = this.#run;
    const onlooker = createCache({ tiers: [new PlainMemoryTier(this.server.tier())], clock });
    return (await onlooker.namespace<number>("user").get("7")) ?? 0;
  }

  #tier(): RemoteTier {
    const tier = this.server.tier();
    return this.#options.isFenced === false ? new PlainMemoryTier(tier) : tier;
  }

  #users(tiers: Tiers, load: (id: string) => number | Promise<number>): LoadingNamespace<[id: string], number> {
    const { clock } = this.#run;
    // What the certificate adds needs time to pass; every step of it would multiply the orders to be looked at.
    const horizonMs = Number.POSITIVE_INFINITY;
    const options: CacheOptions = { tiers, clock, ttlMs: minutes(1), horizonMs, ...this.#options.cache };
    return createCache(options).namespace("user", { load });
  }
}
