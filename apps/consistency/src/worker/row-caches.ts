import { type Cache, createCache, type LoadingNamespace, type RemoteTier } from "@tiercache/core";
import { lru } from "@tiercache/lru";
import type { DatabaseClient } from "../database/database-client.ts";
import type { Recorder } from "../history/recorder.ts";
import { type NamespaceName, namespaceOf, tagOf } from "../key-space.ts";
import { monotonicMs } from "../monotonic.ts";
import { ObserverTally } from "./observer-tally.ts";

/** A row as it is cached. */
export interface Row {
  readonly key: string;
  readonly version: number;
  /** Which load or set it came from. */
  readonly load: string;
  /** For readers who try to change what they were given. */
  readonly notes: readonly string[];
}

/** Rows by their key. */
export type Rows = LoadingNamespace<[key: string], Row>;

/** The rules by which the rows are kept. */
const LONG_MS = 60_000;
const SOFT_TTL_MS = 2_500;
const SOFT_STALE_MS = 3_000;
const HARD_TIMEOUT_MS = 5_000;
/** Longer than the replica lags behind. */
const HOLD_OFF_MS = 600;

/** The caches of a worker, as an application would make them, and what it has seen of them. */
export class RowCaches {
  readonly cache: Cache;
  readonly tally: ObserverTally = new ObserverTally();
  readonly #namespaces: Readonly<Record<NamespaceName, Rows>>;
  readonly #database: DatabaseClient;
  readonly #recorder: Recorder;
  #made = 0;

  constructor(tier: RemoteTier, database: DatabaseClient, recorder: Recorder) {
    this.#database = database;
    this.#recorder = recorder;
    const load = (key: string): Promise<Row> => this.#load(key);
    this.cache = createCache({ tiers: [lru(), tier], observer: this.tally, hardTimeoutMs: HARD_TIMEOUT_MS });
    const ttlMs = LONG_MS;
    // An invalidation leaves the value here, to answer where a load fails.
    const soft = { ttlMs: SOFT_TTL_MS, staleWhileRevalidateMs: SOFT_STALE_MS, staleIfErrorMs: SOFT_STALE_MS };
    this.#namespaces = {
      row: this.cache.namespace("row", { load, ttlMs }),
      soft: this.cache.namespace("soft", { load, ...soft }),
      tagged: this.cache.namespace("tagged", { load, ttlMs, tags: (key: string) => [tagOf(key)] }),
      rested: this.cache.namespace("rested", { load, ttlMs, tags: (key: string) => [tagOf(key)] }),
      late: this.cache.namespace("late", {
        ttlMs,
        load: async (key: string, { addTags }) => {
          const row = await this.#load(key);
          addTags(tagOf(key));
          return row;
        },
      }),
      cleared: this.cache.namespace("cleared", { load, ttlMs }),
      lagging: this.cache.namespace("lagging", {
        load: (key) => this.#load(key, "replica"),
        ttlMs,
        holdOffMs: HOLD_OFF_MS,
      }),
      versioned: this.cache.namespace("versioned", {
        load: (key) => this.#load(key, "replica"),
        ttlMs,
        version: ({ version }) => version,
      }),
    };
  }

  /** The namespace that a key belongs to. */
  of(key: string): Rows {
    return this.#namespaces[namespaceOf(key)];
  }

  /** Names what comes to be in this process. */
  nextName(): string {
    return `${this.#recorder.process}-${this.#made++}`;
  }

  async #load(key: string, from: "primary" | "replica" = "primary"): Promise<Row> {
    const [load, begunAt] = [this.nextName(), monotonicMs()];
    const version = await (from === "replica" ? this.#database.readReplica(key) : this.#database.read(key));
    this.#recorder.add({ kind: "load", key, load, version, from: begunAt, to: monotonicMs() });
    return { key, version, load, notes: [] };
  }
}
