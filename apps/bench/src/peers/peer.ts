/** In the process, in Redis, or in both, with whatever keeps processes in step. */
export type PeerTiers = "local" | "remote" | "both";

/** What a peer is to cache, and where. */
export interface PeerOptions {
  /** One of those that the peer can have. */
  readonly tiers: PeerTiers;
  /** Where Redis is. */
  readonly url: string;
  /** Keeps the keys of one cache apart from those of others on the same server: letters, digits and `-`. */
  readonly name: string;
  readonly load: (key: string) => Promise<unknown>;
  readonly loadMany: (keys: readonly string[]) => Promise<readonly unknown[]>;
  /** How many entries a local tier may hold. */
  readonly maxEntries: number;
  /** How long it may wait for Redis, where that can be said and is not to be what the peer waits by itself. */
  readonly deadlineMs?: number | undefined;
  /** The tag of a key, where there are to be tags. */
  readonly tagOf?: ((key: string) => string) | undefined;
}

/** A cache as one peer makes it. What it cannot do is not there. */
export interface PeerCache {
  /** The value of a key, loaded and kept where no tier has it. */
  readonly get: (key: string) => Promise<unknown>;
  /** What the local tier has, without waiting. */
  readonly peek?: (key: string) => unknown;
  /** The values of many keys in their order, those that no tier has loaded with one call. */
  readonly getMany?: (keys: readonly string[]) => Promise<readonly unknown[]>;
  /** Forgets a key in all tiers and processes. */
  readonly invalidate?: (key: string) => Promise<unknown>;
  readonly invalidateTag?: (tag: string) => Promise<unknown>;
  /** Forgets all keys that begin so. */
  readonly invalidateBeginning?: (beginning: string) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

/** Something that people cache with, in the set-up that its documentation shows for the purpose. */
export interface Peer {
  readonly name: string;
  /** The set-up in a sentence. */
  readonly setUp: string;
  /** What is installed for two tiers; the first one is the peer itself. */
  readonly packages: readonly string[];
  /** What a set-up with two tiers imports. */
  readonly modules: readonly string[];
  /** Which tiers it can have. */
  readonly tiers: readonly PeerTiers[];
  /** Opens a cache. Imports what it needs by then and not before. */
  open(options: PeerOptions): Promise<PeerCache>;
}
