import type { Ms } from "./clock.ts";
import type { RemoteCall, RemoteWrite } from "./tier.ts";

/** How many bytes of a frame its revision takes, and where they stand. */
export const REVISION = { from: 8, bytes: 16 } as const;

/** A key that nothing is known of, to be held by whoever is going to fill it. */
export interface Lease {
  readonly key: string;
  /** A frame that holds no value but has a revision of its own, by which the lease is known. */
  readonly placeholder: Uint8Array;
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
  /** Puts each placeholder under its key if nothing is there. Resolves to whether it did, one element a lease, in order. */
  acquire(leases: readonly Lease[], call: LeaseCall): Promise<readonly boolean[]>;
  /**
   * Puts a frame in the place of the one that has the expected revision. Resolves to whether it did; a refusal changes
   * nothing. Where somebody waits for the key (see {@link await}), they are told in the same step.
   */
  commit(key: string, commit: Commit): Promise<boolean>;
  /**
   * Gives a lease up: removes the placeholder if it is still there, and tells those who wait.
   */
  release(key: string, expected: Uint8Array, call: RemoteCall): Promise<void>;
  /**
   * Marks a placeholder so that its holder's {@link commit} or {@link release} announces `message` on the tier's bus. Resolves
   * to whether the placeholder with this revision is still there: else there is nothing to wait for.
   */
  await(key: string, expected: Uint8Array, call: RemoteCall & { readonly message: string }): Promise<boolean>;
}
