import type { OriginCalls } from "../service/origins.ts";

/** Which tiers answer: none, each of both alone, or both. */
export const configurations = ["none", "L1", "L2", "L1 + L2"] as const;

/** One of {@link configurations}. */
export type Configuration = (typeof configurations)[number];

/** What one scenario cost with one configuration, its caches empty at the first request. */
export interface Measurement {
  readonly configuration: Configuration;
  readonly requests: number;
  /** Reads of the job table, queries of the database and calls to providers, together. */
  readonly originCalls: number;
  readonly calls: OriginCalls;
  /** Of many visitors at a time. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of one visitor, once everything was asked for before; `null` without a cache. */
  readonly warmP50Ms: number | null;
  /** 0 to 1: the part of the reads of the scenario's own keys that a tier answered, or another read of the same key under way. */
  readonly hitRate: number;
  readonly hitRateL1: number;
  readonly hitRateL2: number;
  /** Whether every answer is the one that is given without a cache, to the last bit of a vector. */
  readonly sameAnswers: boolean;
}

/** One scenario with all configurations that could be had. */
export interface ScenarioReport {
  readonly name: "match" | "embedding" | "job-feed";
  readonly measurements: readonly Measurement[];
}

/** The part of the origins' calls, 0 to 1, that a configuration takes away from each request; below 0 if it adds some. */
export function savedShare({ measurements }: ScenarioReport, configuration: Configuration): number | undefined {
  const without = measurementOf(measurements, "none");
  const own = measurementOf(measurements, configuration);
  if (without === undefined || own === undefined) return undefined;
  return 1 - own.originCalls / own.requests / (without.originCalls / without.requests);
}

/** What was measured with a configuration. */
export function measurementOf(
  measurements: readonly Measurement[],
  configuration: Configuration,
): Measurement | undefined {
  return measurements.find((measurement) => measurement.configuration === configuration);
}
