import type { Ms } from "../contracts/clock.ts";
import type { Footing } from "../tags/footing.ts";
import type { Find } from "../write/answer.ts";
import type { Flight } from "../write/flight.ts";
import type { Sightings, TierSkips } from "../write/sightings.ts";

/** A key as a reader asks for it: its id, and the arguments it came from. */
export interface Question<K extends readonly unknown[]> {
  readonly id: string;
  /** As the loader takes them. */
  readonly args: K;
  /** Fires when the caller no longer waits. */
  readonly signal?: AbortSignal | undefined;
  /** Which tiers this reader wants to be passed by. */
  readonly skips?: TierSkips | undefined;
}

/** What the remote tiers need to know of a read, and the flight that hears what they have. */
export interface TierQuestion<V> {
  /** The key in the remote tiers. */
  readonly key: string;
  /** The tags that are known from it. */
  readonly tags: readonly string[] | undefined;
  readonly flight: {
    readonly id: string;
    readonly superseded: boolean;
    readonly refreshes: boolean;
    readonly isTold: boolean;
    /** What is at hand, for a refresh what it is to replace. */
    readonly stale: Find<unknown> | undefined;
    readonly skipsTiers: boolean;
    readonly epoch: number;
    readonly startedAt: Ms;
    readonly tiers: Sightings;
    readonly footing: Footing;
    /** What a tier has that answers. */
    readonly found: Find<unknown> | undefined;
    foundFresh(found: Find<V>): void;
    foundStale(found: Find<V>): void;
    foundUncertified(found: Find<V>): void;
    standOn(footing: Footing): void;
  };
}

/** A read that no local entry could answer: made once at the front door and passed down unchanged. */
export interface ReadRequest<K extends readonly unknown[], V> {
  readonly args: K;
  /** The key in the remote tiers. */
  readonly key: string;
  /** The tags that are known from it. */
  readonly tags: readonly string[] | undefined;
  /** Knows the id, settles what the callers wait for, and hears when the key is written meanwhile. */
  readonly flight: Flight<V>;
}
