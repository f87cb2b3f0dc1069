import type { BreakerState } from "./breaker.ts";
import type { Ms } from "./clock.ts";
import type { EvictionCause } from "./tier.ts";

/**
 * How long things took. Each is the upper edge of a bin of a histogram whose bins grow by a fifth: at most so much above
 * the true one, from 0.06 ms to 17 minutes.
 */
export interface LatencySummary {
  /** How many were measured. */
  readonly count: number;
  /** Half of them took no longer; 0 where none was measured. */
  readonly p50Ms: Ms;
  readonly p90Ms: Ms;
  readonly p99Ms: Ms;
  /** None took longer. */
  readonly maxMs: Ms;
}

/** What a namespace did in some while. A read of many keys counts once a key. */
export interface NamespaceCounts {
  /** Reads that a tier answered by a fresh value, or by the fresh word that there is none. */
  readonly hits: number;
  /** The hits by the name of the tier that answered; a tier that answered none has no member. */
  readonly hitsByTier: Readonly<Record<string, number>>;
  /** Reads that were answered by a value that was no longer fresh. */
  readonly stale: number;
  /** Reads that no tier could answer, and a load did; of a namespace without a loader, those that nothing answered. */
  readonly misses: number;
  /** Reads that were not to be answered by a tier: `from: "load"`, or a cache that is switched off. */
  readonly bypasses: number;
  /** Reads that were answered by an error. */
  readonly errors: number;
  /** Reads that joined another one of the same key; they are in none of the numbers above. */
  readonly joined: number;
  /** The part of the reads, from 0 to 1, that a tier answered, fresh or stale; `undefined` where there were none. */
  readonly hitRate: number | undefined;
  /** Keys whose loads ended well. */
  readonly loads: number;
  /** Keys whose loads failed. */
  readonly loadFailures: number;
  /** How long loads took, failed ones included; a batch counts once. */
  readonly loadMs: LatencySummary;
}

/** What a tier did in some while. */
export interface TierCounts {
  /** Reads of keys that it answered by a fresh value. */
  readonly hits: number;
  /** Calls to a remote tier that were answered; many keys of one tick travel in one. */
  readonly calls: number;
  /** Calls that were not made, as the tier's breaker was not closed. */
  readonly refusedCalls: number;
  /** Calls for reading that failed or missed their deadline. */
  readonly getFailures: number;
  /** Calls for writing or removing that failed or missed their deadline. */
  readonly setFailures: number;
  /** How long the calls for reading took, failed ones included. */
  readonly getMs: LatencySummary;
  /** How long the calls for writing or removing took, failed ones included. */
  readonly setMs: LatencySummary;
}

/**
 * Counts since the cache was made or its statistics were reset, and over windows that slide in steps of 15 s: "the last
 * minute" is the last 45 to 60 s. A hit does not look at the time for this: hits between two looks are spread evenly
 * over the time between them.
 */
export interface Windowed<T> {
  readonly total: T;
  readonly last1Min: T;
  readonly last5Min: T;
  readonly last15Min: T;
}

/** The statistics of one namespace. */
export interface NamespaceStats extends Windowed<NamespaceCounts> {
  /** The hit rate that its `target` asks for, above 0 and up to 1; `undefined` where it has none. */
  readonly target: number | undefined;
  /** The entries it holds in the local tier, expired ones included. */
  readonly entries: number;
  /** The bytes they take; `undefined` where the local tier is not bounded by bytes. */
  readonly bytes: number | undefined;
  /** How many entries the local tier dropped, and why; `undefined` where it does not tell. */
  readonly evictions: Readonly<Record<EvictionCause, number>> | undefined;
  /** The time in ms that loaders would have taken to make what was found in a tier. */
  readonly savedMs: Ms;
}

/** The statistics of one tier. */
export interface TierStats extends Windowed<TierCounts> {
  readonly kind: "local" | "remote";
  /** Keys whose removal the tier could not be told of yet. */
  readonly outboxKeys: number;
  /** Whether a remote tier is asked at present. */
  readonly breaker: BreakerState | undefined;
}

/** The statistics of a cache. */
export interface CacheStats {
  /** For how long they have been counted. */
  readonly forMs: Ms;
  /** By name. */
  readonly namespaces: Readonly<Record<string, NamespaceStats>>;
  /** By name, nearest first. */
  readonly tiers: Readonly<Record<string, TierStats>>;
  /** Calls for reading that failed, of all tiers. */
  readonly getFailures: number;
  /** Calls for writing or removing that failed, of all tiers. */
  readonly setFailures: number;
  /** How long ago it was last proved that no announcement was missed; `undefined` without a bus or before the first proof. */
  readonly certificateAgeMs: Ms | undefined;
}
