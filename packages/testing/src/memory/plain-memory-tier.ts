import type { EpochMs, RemoteRenewal, RemoteTier, RemoteWrite } from "@tiercache/core";
import type { MemoryScan } from "./memory-scan.ts";
import type { MemoryTier } from "./memory-tier.ts";

/**
 * A memory server of one's own that can do what every remote tier can and no more: it has neither fence nor bus nor locks, but can look through its keys. Made by
 * `memoryTier()`.
 */
export class PlainMemoryTier implements RemoteTier {
  readonly name: string;
  readonly scan: MemoryScan;
  readonly #tier: MemoryTier;

  /** @internal */
  constructor(tier: MemoryTier) {
    this.name = tier.name;
    this.#tier = tier;
    this.scan = tier.scan;
  }

  /** The number of keys held, without the expired ones. */
  get size(): number {
    return this.#tier.size;
  }

  /** The keys held, without the expired ones, in the order they were first written. */
  get keys(): readonly string[] {
    return this.#tier.keys;
  }

  now(): EpochMs {
    return this.#tier.now();
  }

  readMany(keys: readonly string[], _call?: unknown): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#tier.readMany(keys);
  }

  write(key: string, frame: Uint8Array, { ttlMs }: Pick<RemoteWrite, "ttlMs">): Promise<void> {
    return this.#tier.write(key, frame, { ttlMs });
  }

  renew(key: string, renewal: Pick<RemoteRenewal, "expected" | "header" | "ttlMs">): Promise<boolean> {
    return this.#tier.renew(key, renewal);
  }

  remove(keys: readonly string[], _call?: unknown): Promise<void> {
    return this.#tier.remove(keys);
  }

  /** What is held outlives the cache that used it, as it does on a server. */
  close(): Promise<void> {
    return this.#tier.close();
  }
}
