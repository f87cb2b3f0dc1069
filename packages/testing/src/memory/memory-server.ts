import { CacheError, type Clock, checkOptions, type EpochMs, invalidOption, objectWith } from "@tiercache/core";
import { seededIntegers } from "../seeded-random.ts";
import { MemoryChannels } from "./memory-channels.ts";
import { type MemorySnapshot, MemoryStore } from "./memory-store.ts";
import { MemoryTier, type MemoryTierParts } from "./memory-tier.ts";
import { PlainMemoryTier } from "./plain-memory-tier.ts";

/** What a memory server is made of. Only `clock` is needed. */
export interface MemoryServerOptions {
  /** By which frames and leases expire. */
  readonly clock: Clock;
  /** The name of its tiers in events. @defaultValue "memory" */
  readonly name?: string;
  /**
   * The server's own time when the clock is at 0, in ms since 1970. Far from the clock by default, as a server's time is,
   * so that an instant which was not shifted between the two is noticed. @defaultValue 1_700_000_000_000
   */
  readonly epochMs?: EpochMs;
  /** What {@link MemoryServer.evictAny} goes by: the same seed evicts in the same order. Not 0. @defaultValue 1 */
  readonly seed?: number;
}

/** What a memory server still has after a restart. */
export interface MemoryRestart {
  /**
   * Everything; nothing, as a server without persistence; or what it had at an earlier {@link MemoryServer.snapshot}, as one
   * that was brought back from a file or replaced by a replica that lagged. @defaultValue "nothing"
   */
  readonly keep?: "all" | "nothing" | MemorySnapshot;
}

const DEFAULT_EPOCH_MS = 1_700_000_000_000;

const optionRules = {
  clock: objectWith("a clock", "now", "after"),
  name: { allowed: "a string", accepts: (value: unknown) => typeof value === "string" },
  epochMs: { allowed: "a finite number of milliseconds", accepts: (value: unknown) => Number.isFinite(value) },
  seed: { allowed: "a whole number other than 0", accepts: (value: unknown) => Number.isInteger(value) && value !== 0 },
};

const keepRule = {
  allowed: '"all", "nothing" or a snapshot',
  accepts: (value: unknown) => value === "all" || value === "nothing" || value instanceof Map,
};

/** A server in this process's memory, which may lose things when a test wants it to. Made by {@link memoryServer}. */
export class MemoryServer {
  readonly #store: MemoryStore;
  readonly #channels = new MemoryChannels();
  readonly #parts: MemoryTierParts;
  readonly #nextInteger: () => number;

  /** @internal */
  constructor({ clock, name = "memory", epochMs = DEFAULT_EPOCH_MS, seed = 1 }: MemoryServerOptions) {
    this.#store = new MemoryStore(clock);
    this.#nextInteger = seededIntegers(seed);
    this.#parts = {
      name,
      store: this.#store,
      channels: this.#channels,
      lossListeners: new Set(),
      now: () => epochMs + clock.now(),
    };
  }

  /** The number of keys held, without the expired ones. */
  get size(): number {
    return this.keys.length;
  }

  /** The keys held, without the expired ones, in the order they were first written. */
  get keys(): readonly string[] {
    return this.#store.keys;
  }

  /** The server's own time. */
  now(): EpochMs {
    return this.#parts.now();
  }

  /** A remote tier on this server for one more process. */
  tier(): MemoryTier {
    return new MemoryTier(this.#parts);
  }

  /** What the server holds now, for a later {@link restart}. */
  snapshot(): MemorySnapshot {
    return this.#store.snapshot();
  }

  /**
   * Stops the server and starts it again. Each tier's `onLoss` listeners are called before this returns; every bus has lost
   * what was under way, and hears of a gap.
   *
   * @throws `INVALID_OPTION`.
   */
  restart({ keep = "nothing" }: MemoryRestart = {}): void {
    if (!keepRule.accepts(keep)) throw invalidOption("memoryServer.restart.keep", keep, keepRule);
    if (keep !== "all") this.#store.restore(keep === "nothing" ? new Map() : keep);
    this.#channels.reconnect();
    for (const listener of this.#parts.lossListeners) listener();
  }

  /** Forgets a key, as a server that is short of memory: nobody is told. Returns whether it was there. */
  evict(key: string): boolean {
    return this.#store.delete(key);
  }

  /** Forgets one of the keys held, which one the seed decides. Returns it; `undefined` when none is held. */
  evictAny(): string | undefined {
    const { keys } = this;
    const key = keys[this.#nextInteger() % keys.length];
    if (key !== undefined) this.evict(key);
    return key;
  }
}

/**
 * Makes a server in this process's memory, for tests with several processes: each gets a tier of its own on it, with a
 * fence and a bus. It may be restarted with less than it had, and evict keys; nothing in it is left to chance.
 *
 * @throws `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { manualClock, memoryServer } from "@tiercache/testing";
 *
 * const server = memoryServer({ clock: manualClock() });
 * const [one, other] = [server.tier(), server.tier()];
 * const silent = { echo() {}, gap() {} };
 * one.bus.listen("news", { ...silent, message: (text) => console.log("heard", text) }); // "heard a has gone"
 * other.bus.listen("news", { ...silent, message() {} });
 *
 * await other.write("a", Uint8Array.of(1), { ttlMs: Infinity });
 * const earlier = server.snapshot();
 * await other.remove(["a"], { announce: "a has gone" });
 * server.restart({ keep: earlier });
 * console.log(server.keys); // ["a"]
 * ```
 */
export function memoryServer(options: MemoryServerOptions): MemoryServer {
  return new MemoryServer(checked("memoryServer", options));
}

/**
 * Makes a remote tier in this process's memory, for tests: that of the one process on a {@link memoryServer}. Bytes are
 * copied in and out and expire by the given clock. What it holds outlives the cache that used it.
 *
 * @throws `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { createCache, seconds } from "@tiercache/core";
 * import { manualClock, memoryTier } from "@tiercache/testing";
 *
 * const clock = manualClock();
 * const tier = memoryTier({ clock });
 * const cache = createCache({ tiers: [tier], clock, ttlMs: seconds(10) });
 * await cache.namespace<string>("greeting").set("en", "hello");
 * console.log(tier.keys); // [":generation:greeting", "greeting:en"]
 * clock.advance(10_000);
 * console.log(tier.size); // 1
 * ```
 */
export function memoryTier(options: MemoryServerOptions): PlainMemoryTier {
  return new PlainMemoryTier(new MemoryServer(checked("memoryTier", options)).tier());
}

function checked(owner: string, options: MemoryServerOptions): MemoryServerOptions {
  checkOptions(owner, options, optionRules);
  if (options?.clock === undefined) throw new CacheError("INVALID_OPTION", `${owner}.clock is missing.`);
  return options;
}
