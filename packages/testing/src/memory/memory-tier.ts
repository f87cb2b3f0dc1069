import type { EpochMs, RemoteChange, RemoteRenewal, RemoteTier, RemoteWrite } from "@tiercache/core";
import { MemoryBus } from "./memory-bus.ts";
import type { MemoryChannels } from "./memory-channels.ts";
import { MemoryFence } from "./memory-fence.ts";
import { MemoryLock } from "./memory-lock.ts";
import { MemoryScan } from "./memory-scan.ts";
import type { MemoryStore } from "./memory-store.ts";
import { checkedLife, checkedText, refusal } from "./strictness.ts";

/** What is announced with a call, if anything. */
type Announced = Pick<RemoteChange, "announce">;

/** What the tiers of one memory server share. */
export interface MemoryTierParts {
  readonly name: string;
  readonly store: MemoryStore;
  readonly channels: MemoryChannels;
  /** Who is told when the server may have lost something. */
  readonly lossListeners: Set<() => void>;
  /** The server's own time. */
  now(): EpochMs;
}

/**
 * One process's remote tier on a server in memory, strict about its contract: it rejects a call that no real tier would
 * have to bear. Made by {@link memoryTier} or {@link MemoryServer.tier}.
 */
export class MemoryTier implements RemoteTier {
  readonly name: string;
  readonly fence: MemoryFence;
  readonly bus: MemoryBus;
  readonly lock: MemoryLock;
  readonly scan: MemoryScan;
  readonly #parts: MemoryTierParts;
  readonly #lossListeners: (() => void)[] = [];

  /** @internal */
  constructor(parts: MemoryTierParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.bus = new MemoryBus(parts.channels);
    const announce = (text: string | undefined): void => this.bus.announce(text);
    this.scan = new MemoryScan(parts.store);
    this.fence = new MemoryFence(parts.store, announce);
    this.lock = new MemoryLock(parts.store, () => parts.now(), announce);
  }

  /** The number of keys that the server holds, without the expired ones. */
  get size(): number {
    return this.keys.length;
  }

  /** The keys that the server holds, without the expired ones, in the order they were first written. */
  get keys(): readonly string[] {
    return this.#parts.store.keys;
  }

  now(): EpochMs {
    return this.#parts.now();
  }

  async readMany(keys: readonly string[], _call?: unknown): Promise<readonly (Uint8Array | undefined)[]> {
    return keys.map((key) => this.#parts.store.get(checkedText("A key", key))?.slice());
  }

  async write(
    key: string,
    frame: Uint8Array,
    { ttlMs, announce }: Pick<RemoteWrite, "ttlMs"> & Announced,
  ): Promise<void> {
    checkedLife("The life of a frame", ttlMs);
    this.#parts.store.set(checkedText("A key", key), frame, ttlMs);
    this.bus.announce(announce);
  }

  async renew(
    key: string,
    { expected, header, ttlMs, announce }: Pick<RemoteRenewal, "expected" | "header" | "ttlMs"> & Announced,
  ): Promise<boolean> {
    const { store } = this.#parts;
    checkedLife("The life of a frame", ttlMs);
    if (expected.byteLength !== header.byteLength) throw refusal("A frame was prolonged by a header of another length");
    const held = store.get(checkedText("A key", key));
    if (held === undefined || Buffer.compare(held.subarray(0, expected.byteLength), expected) !== 0) return false;
    const frame = new Uint8Array(held);
    frame.set(header);
    store.set(key, frame, ttlMs);
    this.bus.announce(announce);
    return true;
  }

  async remove(keys: readonly string[], { announce }: Announced = {}): Promise<void> {
    for (const key of keys) checkedText("A key", key);
    for (const key of keys) this.fence.forget(key);
    this.bus.announce(announce);
  }

  onLoss(listener: () => void): void {
    this.#lossListeners.push(listener);
    this.#parts.lossListeners.add(listener);
  }

  /** Ends listening. What the server holds outlives it. */
  async close(): Promise<void> {
    for (const listener of this.#lossListeners.splice(0)) this.#parts.lossListeners.delete(listener);
    await this.bus.close();
  }
}
