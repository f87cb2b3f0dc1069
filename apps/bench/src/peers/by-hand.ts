import type { Redis } from "ioredis";
import type { Packr } from "msgpackr";
import type { Peer, PeerCache, PeerOptions } from "./peer.ts";

const TTL_MS = 3_600_000;

/** The floor of everything with Redis: the commands one writes by hand, and nothing that keeps processes from each other's way. */
export const byHand: Peer = {
  name: "ioredis + msgpackr",
  setUp:
    "`GET`, load, `SET … PX` that is awaited; MGET and a pipeline of SETs for many; an LRUCache with `ttl` in front of two tiers.",
  packages: ["ioredis", "msgpackr", "lru-cache"],
  modules: ["ioredis", "msgpackr", "lru-cache"],
  tiers: ["remote", "both"],

  async open(options) {
    const { Redis } = await import("ioredis");
    const { Packr } = await import("msgpackr");
    const client = new Redis(options.url).on("error", () => {});
    const remote = new ByHand(client, new Packr({ useRecords: false, moreTypes: true }), options);
    return options.tiers === "remote" ? remote.asCache() : withLru(remote, options.maxEntries);
  },
};

/** The remote tier alone. */
class ByHand {
  readonly #client: Redis;
  readonly #packr: Packr;
  readonly #options: PeerOptions;

  constructor(client: Redis, packr: Packr, options: PeerOptions) {
    this.#client = client;
    this.#packr = packr;
    this.#options = options;
  }

  async get(key: string): Promise<unknown> {
    const bytes = await this.#client.getBuffer(this.#place(key));
    if (bytes !== null) return this.#packr.unpack(bytes);
    const value = await this.#options.load(key);
    await this.#client.set(this.#place(key), this.#packr.pack(value), "PX", TTL_MS);
    return value;
  }

  async getMany(keys: readonly string[]): Promise<readonly unknown[]> {
    const found = await this.#client.mgetBuffer(keys.map((key) => this.#place(key)));
    const missing = keys.filter((_, index) => found[index] === null);
    const loaded = missing.length === 0 ? [] : await this.#options.loadMany(missing);
    if (missing.length > 0) await this.#keep(missing, loaded);
    const rest = loaded.values();
    return found.map((bytes) => (bytes === null ? rest.next().value : this.#packr.unpack(bytes)));
  }

  invalidate(key: string): Promise<unknown> {
    return this.#client.unlink(this.#place(key));
  }

  async invalidateBeginning(beginning: string): Promise<void> {
    let cursor = "0";
    do {
      const [next, keys] = await this.#client.scan(cursor, "MATCH", `${this.#place(beginning)}*`, "COUNT", 1_000);
      if (keys.length > 0) await this.#client.unlink(keys);
      cursor = next;
    } while (cursor !== "0");
  }

  async close(): Promise<void> {
    this.#client.disconnect();
  }

  asCache(): PeerCache {
    return {
      get: (key) => this.get(key),
      getMany: (keys) => this.getMany(keys),
      invalidate: (key) => this.invalidate(key),
      invalidateBeginning: (beginning) => this.invalidateBeginning(beginning),
      close: () => this.close(),
    };
  }

  async #keep(keys: readonly string[], values: readonly unknown[]): Promise<void> {
    const pipeline = this.#client.pipeline();
    for (const [index, key] of keys.entries())
      pipeline.set(this.#place(key), this.#packr.pack(values[index]), "PX", TTL_MS);
    await pipeline.exec();
  }

  #place(key: string): string {
    return `${this.#options.name}:${key}`;
  }
}

async function withLru(remote: ByHand, maxEntries: number): Promise<PeerCache> {
  const { LRUCache } = await import("lru-cache");
  const lru = new LRUCache<string, object>({ max: maxEntries, ttl: TTL_MS });
  const kept = (key: string, value: unknown): unknown => {
    if (typeof value === "object" && value !== null) lru.set(key, value);
    return value;
  };
  return {
    get: async (key) => lru.get(key) ?? kept(key, await remote.get(key)),
    getMany: async (keys) => {
      const found = keys.map((key) => lru.get(key));
      const missing = keys.filter((_, index) => found[index] === undefined);
      const rest = (missing.length === 0 ? [] : await remote.getMany(missing)).values();
      return keys.map((key, index) => found[index] ?? kept(key, rest.next().value));
    },
    invalidate: async (key) => {
      await remote.invalidate(key);
      lru.delete(key);
    },
    invalidateBeginning: async (beginning) => {
      await remote.invalidateBeginning(beginning);
      for (const key of lru.keys()) if (key.startsWith(beginning)) lru.delete(key);
    },
    close: () => remote.close(),
  };
}
