import type { OriginCalls } from "../service/origins.ts";

/** What one scenario cost without a cache and with one. */
export interface Measurement {
  readonly name: "match" | "embedding" | "job-feed";
  readonly requests: number;
  /** Reads of the job table, queries of the database and calls to the provider, together. */
  readonly originCallsWithout: number;
  readonly originCallsWith: number;
  readonly p50MsWithout: number;
  readonly p99MsWithout: number;
  /** With a cache that was empty at the first request. */
  readonly p50MsWith: number;
  readonly p99MsWith: number;
  /** Every answer from the remote tier; `null` where there is none. */
  readonly p50MsL2: number | null;
  /** Every answer from the local tier. */
  readonly p50MsL1: number;
  /** 0 to 1: the part of the reads of the scenario's own keys that a tier answered, or another read of the same key under way. */
  readonly hitRate: number;
  readonly hitRateL1: number;
  readonly hitRateL2: number;
  readonly savedUsd: number;
  readonly callsWithout: OriginCalls;
  readonly callsWith: OriginCalls;
  /** Whether every answer of every run was the same, to the last bit of a vector. */
  readonly valuesEqual: boolean;
}

/** Everything the report says. */
export interface Report {
  readonly seed: number;
  readonly zipfExponent: number;
  /** Service instances in front of one remote tier. */
  readonly instances: number;
  /** What the remote tier was; `null` where there was none to be had. */
  readonly remoteTier: string | null;
  readonly scenarios: readonly Measurement[];
}
