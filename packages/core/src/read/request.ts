import type { Flight } from "../write/flights.ts";

/** What the remote tiers need to know of a read. */
export interface TierQuestion {
  /** The key in the remote tiers. */
  readonly key: string;
  readonly flight: { readonly id: string; readonly superseded: boolean };
}

/**
 * A read of one key that no local entry could answer: made once at the front door and passed down unchanged.
 *
 * @typeParam K - The tuple of the key's arguments, as the loader takes them.
 */
export interface ReadRequest<K extends readonly unknown[], V> extends TierQuestion {
  readonly args: K;
  /** Knows the id, settles what the callers wait for, and hears when the key is written meanwhile. */
  readonly flight: Flight<V>;
}
