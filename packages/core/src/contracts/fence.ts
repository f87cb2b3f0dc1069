import type { Ms } from "./clock.ts";
import type { RemoteCall, RemoteChange, RemoteWrite } from "./remote-call.ts";

/**
 * Where a frame tells who it is. Every frame has its state at byte 4 and its revision, which no two frames share, at bytes 8
 * to 23; whatever is shorter than that is no frame.
 */
export const FRAME_IDENTITY = {
  stateAt: 4,
  revisionFrom: 8,
  revisionBytes: 16,
  /** The state of a frame that holds a value: `F`. */
  value: 0x46,
  /** The state of one whose value is known to be out of date, kept for want of a better one: `S`. */
  outdated: 0x53,
  /** The state of a tombstone, which holds no value and keeps others from being put there: `T`. */
  tombstone: 0x54,
  /** The state of a minimum, which holds no value and says which version the next one must have at least: `V`. */
  minimum: 0x56,
  /** The state of a placeholder: `L`. */
  leased: 0x4c,
  /** The state of a placeholder that somebody waits for: `W`. */
  awaited: 0x57,
} as const;

/**
 * Where a frame tells its version: one of this format ends with it, 8 bytes of an unsigned whole number, in which 0 stands for none.
 * Byte 2 of every frame is its format.
 */
export const FRAME_VERSION = { formatAt: 2, format: 2, bytes: 8 } as const;

/** A key that nothing is known of, or nothing good, to be held by whoever is going to fill it. */
export interface Lease {
  readonly key: string;
  /** A frame that holds no value but has a revision of its own, by which the lease is known. */
  readonly placeholder: Uint8Array;
  /** The revision of a frame that is no longer good: where that lies, it is no hindrance. */
  readonly over?: Uint8Array | undefined;
  /**
   * Whether that frame may yet be of use: it is to lie right behind the placeholder, and the key to live as long as it would have, if
   * that is longer than the lease. Of one that lies behind a placeholder itself, that one is left out. @defaultValue false
   */
  readonly keeps?: boolean | undefined;
}

/** What is given to a tier that is to hold keys for a while. */
export interface LeaseCall extends RemoteCall {
  /** After this long the placeholder is gone by itself, whatever has become of its holder. Above 0 and finite. */
  readonly leaseMs: Ms;
}

/** A frame that may only take the place of a certain other one. */
export interface Commit extends RemoteWrite {
  readonly frame: Uint8Array;
  /** The revision that the key must still have: of the placeholder, or of the frame that is replaced. */
  readonly expected: Uint8Array;
}

/** A key whose value is out of date. */
export interface Outdating {
  readonly key: string;
  /** For the frame that is there. Its first 8 bytes, a double, say since when, in ms of the tier's own time. */
  readonly revision: Uint8Array;
}

/** What is given to a tier that is to bury keys. */
export interface Burial extends LeaseCall, RemoteChange {}

/** A frame that tells its version, as {@link FRAME_VERSION} says. */
export interface VersionedFrame {
  readonly key: string;
  readonly frame: Uint8Array;
}

/** What is given to a tier that is to put versioned frames under keys. */
export interface Raise extends RemoteWrite {
  /** Whether a frame may take the place of one of the same version. */
  readonly replacesEqual: boolean;
}

/** A lease that is given up. */
export interface Release extends RemoteChange {
  readonly expected: Uint8Array;
}

/**
 * The ability of a remote tier to keep a slow load from writing over what has happened since it began: each call is atomic
 * for each key, and absence is never permission. A load takes a lease where a key is absent, or remembers the revision
 * of what is there; its value is accepted only where that very revision is found. An invalidation is a plain removal, so it
 * needs no memory and leaves nothing behind that could be lost. (Leases: Nishtala et al., Scaling Memcache at Facebook,
 * NSDI 2013.)
 *
 * The bytes handed over do not change until a call has ended.
 */
export interface Fence {
  /**
   * Puts each placeholder under its key if nothing is there, or the frame with the revision that the lease says it may lie over; but
   * never over a tombstone, nor over a placeholder that nothing lies behind. Resolves to whether it did, one element a lease, in order. The bytes need not be a
   * placeholder: what is put there is told from what is not by its revision alone.
   */
  acquire(leases: readonly Lease[], call: LeaseCall): Promise<readonly boolean[]>;
  /**
   * Puts a frame in the place of the one that has the expected revision, whatever its state. Resolves to whether it did; a
   * refusal changes nothing. `announce` is announced in the same step if a placeholder was replaced that somebody waits for.
   */
  commit(key: string, commit: Commit): Promise<boolean>;
  /**
   * Gives a lease up: removes what has the expected revision, and announces as {@link commit} does. Resolves to whether it
   * was still there.
   */
  release(key: string, release: Release): Promise<boolean>;
  /**
   * Says that somebody waits for the holder of a lease: gives the placeholder with this revision the state `awaited`, and
   * leaves its life as it is. Resolves to whether it is still there: else there is nothing to wait for.
   */
  wait(key: string, expected: Uint8Array, call: RemoteCall): Promise<boolean>;
  /**
   * Says that the values of keys are out of date. A frame in the state `value` is given the state `outdated` and the given
   * revision, so that no load that began before is accepted; of one that is `outdated` already the first 8 bytes of its
   * revision stay, as it has been so for longer. Its life is left as it is. Whatever else is there is removed, as by `remove`, also a
   * frame that cannot be changed for want of memory. `announce` is announced in the same step. A fence that cannot do this has no such
   * member, and is told to remove the keys.
   */
  readonly outdate?: ((outdatings: readonly Outdating[], change: RemoteChange) => Promise<void>) | undefined;
  /**
   * Puts a tombstone under each key for as long as `leaseMs` says, in place of whatever is there but a tombstone that lasts longer:
   * calls may arrive late. `announce` is announced in the same step. A fence that cannot do this has no such member, and is told to remove the keys.
   */
  readonly bury?: ((tombstones: readonly Lease[], burial: Burial) => Promise<void>) | undefined;
  /**
   * Puts each frame under its key, in place of whatever is there, unless that tells a higher version; a placeholder tells the version of
   * what lies behind it, and what tells none is lower than any. What is refused is left as it is. `announce` is announced in the same
   * step, whatever is refused. Resolves to whether each was put there. A fence that cannot do this has no such member: it is told to
   * remove the keys, or to write whatever is there.
   */
  readonly raise?: ((frames: readonly VersionedFrame[], raise: Raise) => Promise<readonly boolean[]>) | undefined;
}
