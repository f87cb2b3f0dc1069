import {
  CacheError,
  type Clock,
  checkOptions,
  type EpochMs,
  type Ms,
  objectWith,
  type RemoteCall,
  type RemoteRenewal,
  type RemoteTier,
  type RemoteWrite,
} from "@tiercache/core";

/** What a memory tier is made of. Only `clock` is needed. */
export interface MemoryTierOptions {
  /** By which frames expire. */
  readonly clock: Clock;
  /** The tier's name in events. @defaultValue "memory" */
  readonly name?: string;
  /**
   * The tier's own time when the clock is at 0, in ms since 1970. Far from the clock by default, as a server's time is,
   * so that an instant which was not shifted between the two is noticed. @defaultValue 1_700_000_000_000
   */
  readonly epochMs?: EpochMs;
}

interface Kept {
  readonly frame: Uint8Array;
  readonly expiresAt: Ms;
}

const DEFAULT_EPOCH_MS = 1_700_000_000_000;

const optionRules = {
  clock: objectWith("a clock", "now", "after"),
  name: { allowed: "a string", accepts: (value: unknown) => typeof value === "string" },
  epochMs: { allowed: "a finite number of milliseconds", accepts: (value: unknown) => Number.isFinite(value) },
};

/**
 * A remote tier in this process's memory, strict about its contract: it rejects a call that no real tier would have to
 * bear. Made by {@link memoryTier}.
 */
export class MemoryTier implements RemoteTier {
  readonly name: string;
  readonly #clock: Clock;
  readonly #epochMs: EpochMs;
  readonly #kept = new Map<string, Kept>();

  /** @internal */
  constructor({ clock, name = "memory", epochMs = DEFAULT_EPOCH_MS }: MemoryTierOptions) {
    this.name = name;
    this.#clock = clock;
    this.#epochMs = epochMs;
  }

  /** The number of keys held, without the expired ones. */
  get size(): number {
    return this.keys.length;
  }

  /** The keys held, without the expired ones, in the order they were first written. */
  get keys(): readonly string[] {
    return [...this.#kept.keys()].filter((key) => this.#frameOf(key) !== undefined);
  }

  now(): EpochMs {
    return this.#epochMs + this.#clock.now();
  }

  async readMany(keys: readonly string[], _call?: RemoteCall): Promise<readonly (Uint8Array | undefined)[]> {
    return keys.map((key) => this.#frameOf(checked(key))?.slice());
  }

  async write(key: string, frame: Uint8Array, { ttlMs }: Pick<RemoteWrite, "ttlMs">): Promise<void> {
    if (!(ttlMs > 0)) throw new CacheError("TIER_FAILED", `A frame was written with a ttlMs of ${ttlMs}.`);
    // Not `frame.slice()`: a Buffer's makes a view.
    this.#kept.set(checked(key), { frame: new Uint8Array(frame), expiresAt: this.#clock.now() + ttlMs });
  }

  async renew(
    key: string,
    { expected, header, ttlMs }: Pick<RemoteRenewal, "expected" | "header" | "ttlMs">,
  ): Promise<boolean> {
    if (!(ttlMs > 0)) throw new CacheError("TIER_FAILED", `A frame was prolonged with a ttlMs of ${ttlMs}.`);
    if (expected.byteLength !== header.byteLength) {
      throw new CacheError("TIER_FAILED", "A frame was prolonged by a header of another length.");
    }
    const held = this.#frameOf(checked(key));
    if (held === undefined || Buffer.compare(held.subarray(0, expected.byteLength), expected) !== 0) return false;
    const frame = new Uint8Array(held);
    frame.set(header);
    this.#kept.set(key, { frame, expiresAt: this.#clock.now() + ttlMs });
    return true;
  }

  async remove(keys: readonly string[], _call?: RemoteCall): Promise<void> {
    for (const key of keys) this.#kept.delete(checked(key));
  }

  /** Does nothing: what is held outlives the cache that used it, as it does on a server. */
  async close(): Promise<void> {}

  #frameOf(key: string): Uint8Array | undefined {
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    if (this.#clock.now() < kept.expiresAt) return kept.frame;
    this.#kept.delete(key);
    return undefined;
  }
}

function checked(key: string): string {
  if (typeof key !== "string") throw new CacheError("TIER_FAILED", `A key is a ${typeof key}.`);
  if (!key.isWellFormed()) throw new CacheError("TIER_FAILED", "A key is not well-formed Unicode.");
  return key;
}

/**
 * Makes a remote tier in this process's memory, for tests. Bytes are copied in and out and expire by the given clock.
 * It may be used by several caches, which then are like processes with one server; what it holds outlives them.
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
 * console.log(tier.keys); // ["greeting:en"]
 * clock.advance(10_000);
 * console.log(tier.size); // 0
 * ```
 */
export function memoryTier(options: MemoryTierOptions): MemoryTier {
  checkOptions("memoryTier", options, optionRules);
  if (options?.clock === undefined) throw new CacheError("INVALID_OPTION", "memoryTier.clock is missing.");
  return new MemoryTier(options);
}
