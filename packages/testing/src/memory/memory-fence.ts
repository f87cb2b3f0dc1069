import { type Commit, type Fence, FRAME_IDENTITY, type Lease, type LeaseCall, type Release } from "@tiercache/core";
import type { MemoryStore } from "./memory-store.ts";
import { checkedFrame, checkedLife, checkedRevision, checkedText } from "./strictness.ts";

const { stateAt, revisionFrom, revisionBytes, leased, awaited } = FRAME_IDENTITY;

/** The fence of a memory server, as one process uses it. */
export class MemoryFence implements Fence {
  readonly #store: MemoryStore;
  readonly #announce: (text: string | undefined) => void;

  constructor(store: MemoryStore, announce: (text: string | undefined) => void) {
    this.#store = store;
    this.#announce = announce;
  }

  async acquire(leases: readonly Lease[], { leaseMs }: Pick<LeaseCall, "leaseMs">): Promise<readonly boolean[]> {
    checkedLife("The life of a lease", leaseMs, Number.MAX_VALUE);
    for (const { key, placeholder } of leases) {
      checkedText("A key", key);
      checkedFrame("A placeholder", placeholder);
    }
    return leases.map(({ key, placeholder }) => {
      if (this.#store.get(key) !== undefined) return false;
      this.#store.set(key, placeholder, leaseMs);
      return true;
    });
  }

  async commit(
    key: string,
    { frame, expected, ttlMs, announce }: Pick<Commit, "frame" | "expected" | "ttlMs" | "announce">,
  ): Promise<boolean> {
    checkedLife("The life of a frame", ttlMs);
    checkedFrame("A frame", frame);
    const held = this.#held(key, expected);
    if (held === undefined) return false;
    this.#store.set(key, frame, ttlMs);
    if (held[stateAt] === awaited) this.#announce(announce);
    return true;
  }

  async release(key: string, { expected, announce }: Pick<Release, "expected" | "announce">): Promise<boolean> {
    const held = this.#held(key, expected);
    if (held === undefined) return false;
    this.#store.delete(key);
    if (held[stateAt] === awaited) this.#announce(announce);
    return true;
  }

  async wait(key: string, expected: Uint8Array, _call?: unknown): Promise<boolean> {
    const held = this.#held(key, expected);
    if (held === undefined || (held[stateAt] !== leased && held[stateAt] !== awaited)) return false;
    const waitedFor = new Uint8Array(held);
    waitedFor[stateAt] = awaited;
    this.#store.replace(key, waitedFor);
    return true;
  }

  /** What lies under a key, if it has the expected revision. */
  #held(key: string, expected: Uint8Array): Uint8Array | undefined {
    checkedRevision(expected);
    const held = this.#store.get(checkedText("A key", key));
    // What is shorter than a frame ends before a revision could, so it equals none.
    const revision = held?.subarray(revisionFrom, revisionFrom + revisionBytes);
    return revision !== undefined && Buffer.compare(revision, expected) === 0 ? held : undefined;
  }
}
