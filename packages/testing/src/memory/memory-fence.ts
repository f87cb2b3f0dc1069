import { randomBytes } from "node:crypto";
import {
  type Burial,
  type Commit,
  type Fence,
  FRAME_IDENTITY,
  FRAME_VERSION,
  type Lease,
  type LeaseCall,
  type Outdating,
  type Raise,
  type Release,
  type RemoteChange,
  type VersionedFrame,
} from "@tiercache/core";
import type { MemoryStore } from "./memory-store.ts";
import { checkedFrame, checkedLife, checkedRevision, checkedText } from "./strictness.ts";

const { stateAt, revisionFrom, revisionBytes, leased, awaited, value, outdated, tombstone, minimum } = FRAME_IDENTITY;

const { formatAt, format: versioned, bytes: versionBytes } = FRAME_VERSION;

const PLACEHOLDER_BYTES = 64;

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
      if (there === undefined) {
        this.#store.set(key, placeholder, leaseMs);
        return true;
      }
      const dead = over === undefined ? undefined : withoutPlaceholder(this.#held(key, over));
      if (dead === undefined || dead[stateAt] === tombstone) return false;
      if (keeps) {
        const lifeMs = Math.max(leaseMs, this.#store.lifeMs(key));
        this.#store.set(key, Buffer.concat([placeholder, dead]), lifeMs);
      } else this.#store.set(key, placeholder, leaseMs);
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
        this.forget(key);
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
    for (const { key, placeholder } of tombstones) {
      const lastsLonger = isTombstone(this.#store.get(key)) && this.#store.lifeMs(key) >= leaseMs;
      if (!lastsLonger) this.#store.set(key, placeholder, leaseMs);
    }
    this.#announce(announce);
  }

  async raise(
    frames: readonly VersionedFrame[],
    { ttlMs, announce, replacesEqual }: Pick<Raise, "ttlMs" | "announce" | "replacesEqual">,
  ): Promise<readonly boolean[]> {
    checkedLife("The life of a frame", ttlMs);
    for (const { key, frame } of frames) {
      checkedText("A key", key);
      checkedFrame("A frame", frame);
    }
    const put = frames.map(({ key, frame }) => {
      const there = versionIn(withoutPlaceholder(this.#store.get(key)));
      const own = versionIn(frame) ?? 0n;
      if (there !== undefined && (replacesEqual ? there > own : there >= own)) return false;
      this.#store.set(key, frame, ttlMs);
      return true;
    });
    this.#announce(announce);
    return put;
  }

  /** Removes what lies under a key, but for what keeps older values out: see `RemoteTier.remove`. */
  forget(key: string): void {
    const held = this.#store.get(key);
    if (isTombstone(held)) return;
    const left = withoutPlaceholder(held);
    if (left?.[stateAt] !== minimum || left.byteLength !== PLACEHOLDER_BYTES + versionBytes) {
      this.#store.delete(key);
      return;
    }
    const frame = new Uint8Array(left);
    frame.set(randomBytes(revisionBytes), revisionFrom);
    this.#store.replace(key, frame);
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

function isTombstone(frame: Uint8Array | undefined): boolean {
  return frame?.byteLength === PLACEHOLDER_BYTES && frame[stateAt] === tombstone;
}

/** The frame that a placeholder was put over, or what is no placeholder; `undefined` where nothing lies behind. */
function withoutPlaceholder(frame: Uint8Array | undefined): Uint8Array | undefined {
  const state = frame?.[stateAt];
  if (frame === undefined || (state !== leased && state !== awaited)) return frame;
  return frame.byteLength > PLACEHOLDER_BYTES ? frame.subarray(PLACEHOLDER_BYTES) : undefined;
}

/** The version that a frame tells, counted as it stands there. */
function versionIn(frame: Uint8Array | undefined): bigint | undefined {
  if (frame === undefined || frame[formatAt] !== versioned || frame.byteLength < versionBytes) return undefined;
  return Buffer.from(frame.slice(-versionBytes)).readBigUInt64BE();
}
