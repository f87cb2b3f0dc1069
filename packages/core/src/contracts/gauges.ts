import type { BreakerState } from "./breaker.ts";
import type { Ms } from "./clock.ts";
import type { EvictionCause } from "./tier.ts";

/** What can be asked of a namespace at any time. Sums only grow, for as long as the cache lives. */
export interface NamespaceGauges {
  readonly namespace: string;
  /** The name of the local tier; `undefined` where there is none. */
  readonly tier: string | undefined;
  readonly entries: number;
  /** `undefined` where the local tier is not bounded by bytes. */
  readonly bytes: number | undefined;
  /** A sum. `undefined` where the local tier does not tell. */
  readonly evictions: Readonly<Record<EvictionCause, number>> | undefined;
  /** A sum: the time in ms that loaders would have taken to make what was found in a tier. */
  readonly savedMs: Ms;
  /** Whether its hit rate is what its `target` asks for; `undefined` without one. */
  readonly meetsTarget: boolean | undefined;
}

/** What can be asked of a remote tier at any time. */
export interface TierGauges {
  readonly tier: string;
  /** Keys whose removal the tier could not be told of yet. */
  readonly outboxKeys: number;
  /** Whether it is asked at present. */
  readonly breaker: BreakerState;
}

/** What can be asked of a cache at any time. */
export interface CacheGauges {
  readonly namespaces: readonly NamespaceGauges[];
  readonly tiers: readonly TierGauges[];
  /** How long ago it was last proved that no announcement was missed; `undefined` without a bus or before the first proof. */
  readonly certificateAgeMs: Ms | undefined;
}
