import {
  type Burial,
  type Commit,
  type Fence,
  FRAME_IDENTITY,
  type Lease,
  type LeaseCall,
  type Outdating,
  type Release,
  type RemoteChange,
} from "@tiercache/core";
import type { MemoryStore } from "./memory-store.ts";
import { checkedFrame, checkedLife, checkedRevision, checkedText } from "./strictness.ts";

const { stateAt, revisionFrom, revisionBytes, leased, awaited, value, outdated, tombstone } = FRAME_IDENTITY;

/** What no lease is taken over. */
const HELD: ReadonlySet<number | undefined> = new Set([leased, awaited, tombstone]);

/** How much of an outdated frame's revision says since when it is out of date. */
const SINCE_BYTES = 8;

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
    for (const { key, placeholder, over } of leases) {
      checkedText("A key", key);
      checkedFrame("A placeholder", placeholder);
      if (over !== undefined) checkedRevision(over);
    }
    return leases.map(({ key, placeholder, over, keeps = false }) => {
      const there = this.#store.get(key);
      const dead = there === undefined || over === undefined ? undefined : this.#held(key, over);
      if (there !== undefined && (dead === undefined || HELD.has(dead[stateAt]))) return false;
      const laid = dead === undefined || !keeps ? placeholder : Buffer.concat([placeholder, dead]);
      this.#store.set(key, laid, leaseMs);
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

  async outdate(outdatings: readonly Outdating[], { announce }: Pick<RemoteChange, "announce"> = {}): Promise<void> {
    for (const { key, revision } of outdatings) {
      checkedText("A key", key);
      checkedRevision(revision);
    }
    for (const { key, revision } of outdatings) {
      const held = this.#store.get(key);
      const state = held !== undefined && held.byteLength >= revisionFrom + revisionBytes ? held[stateAt] : undefined;
      if (held === undefined || (state !== value && state !== outdated)) {
        this.#store.delete(key);
        continue;
      }
      const frame = new Uint8Array(held);
      const kept = state === outdated ? SINCE_BYTES : 0;
      frame[stateAt] = outdated;
      frame.set(revision.subarray(kept), revisionFrom + kept);
      this.#store.replace(key, frame);
    }
    this.#announce(announce);
  }

  async bury(tombstones: readonly Lease[], { leaseMs, announce }: Pick<Burial, "leaseMs" | "announce">): Promise<void> {
    checkedLife("The life of a tombstone", leaseMs, Number.MAX_VALUE);
    for (const { key, placeholder } of tombstones) {
      checkedText("A key", key);
      checkedFrame("A tombstone", placeholder);
    }
    for (const { key, placeholder } of tombstones) this.#store.set(key, placeholder, leaseMs);
    this.#announce(announce);
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
