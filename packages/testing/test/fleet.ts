import {
  type CacheOptions,
  createCache,
  type Entry,
  type LoadingNamespace,
  type LocalSpace,
  type LocalTier,
  minutes,
  type Tiers,
} from "@tiercache/core";
import { type Interleaving, type MemoryServer, memoryServer, type ScriptedTierOptions } from "../src/index.ts";

/** A local tier without bounds. */
function mapTier(): LocalTier {
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
  readonly #run: Interleaving;
  readonly #options: FleetOptions;

  constructor(run: Interleaving, options: FleetOptions = {}) {
    this.#run = run;
    this.#options = options;
    this.server = memoryServer({ clock: run.clock });
  }

  process(name: string): FleetProcess {
    const process = this.#run.process(name);
    const load = (_id: string): Promise<number> => process.ask("select", () => this.version);
    const users = this.#users([mapTier(), process.tier(this.server.tier(), this.#options.tier)], load);
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
  held(): Promise<number> {
    return this.#users([this.server.tier()], () => 0).get("7");
  }

  #users(tiers: Tiers, load: (id: string) => number | Promise<number>): LoadingNamespace<[id: string], number> {
    const { clock } = this.#run;
    const options: CacheOptions = { tiers, clock, ttlMs: minutes(1), ...this.#options.cache };
    return createCache(options).namespace("user", { load });
  }
}
