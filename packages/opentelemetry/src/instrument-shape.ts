import type { MetricOptions } from "@opentelemetry/api";

/** What a metric instrument is, as it is made and as docs/telemetry.md lists it. */
export interface InstrumentShape {
  readonly unit: string;
  readonly description: string;
  /** The names of its attributes, each of which has but a few values. */
  readonly attributes: readonly string[];
  /** Where the buckets of a histogram end, in its unit. */
  readonly buckets?: readonly number[];
}

/** The attributes of all instruments. None ever holds a key. */
export const attributeNames = {
  namespace: "cache.namespace",
  tier: "cache.tier",
  outcome: "cache.outcome",
  operation: "cache.operation",
  status: "cache.status",
  state: "cache.state",
  reason: "cache.reason",
  errorType: "error.type",
} as const;

/** What the API is told of an instrument. */
export function metricOptionsOf({ unit, description, buckets }: InstrumentShape): MetricOptions {
  return { unit, description, ...(buckets && { advice: { explicitBucketBoundaries: [...buckets] } }) };
}
