import { type Attributes, type Meter, metrics } from "@opentelemetry/api";
import {
  type CacheEvent,
  type CacheGauges,
  checkOptions,
  type Observer,
  type OptionRule,
  objectWith,
} from "@tiercache/core";
import { EventMetrics } from "./event-metrics.ts";
import { GaugeMetrics } from "./gauge-metrics.ts";
import { ReadCounts, type ReadOutcome } from "./read-counts.ts";

/** How metrics are made. */
export interface MetricsOptions {
  /** @defaultValue the meter `@tiercache/opentelemetry` of the global meter provider, as it is then */
  readonly meter?: Meter;
  /** Attributes of every number, to tell several caches of a process apart. @defaultValue none */
  readonly attributes?: Attributes;
}

const optionRules: Readonly<Record<keyof MetricsOptions, OptionRule>> = {
  meter: objectWith("a meter", "createCounter", "createHistogram", "createObservableCounter"),
  attributes: {
    allowed: "an object",
    accepts: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  },
};

/** What other events than hits say that reads were answered with. */
const outcomes: Readonly<Partial<Record<CacheEvent["type"], ReadOutcome>>> = {
  stale: "stale",
  miss: "miss",
  bypass: "bypass",
  "read-failed": "error",
};

/**
 * Makes an observer that turns what happens in a cache into OpenTelemetry metrics: the instruments that docs/telemetry.md lists, made
 * once. One observer may be given to several caches; their numbers are then summed up. Attributes are names of namespaces, tiers,
 * operations and outcomes, so there are as many series however many keys there are.
 *
 * Hits are counted as plain numbers, which are looked at when metrics are collected.
 *
 * @throws `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { createCache } from "@tiercache/core";
 * import { lru } from "@tiercache/lru";
 * import { metricsObserver } from "@tiercache/opentelemetry";
 *
 * const cache = createCache({ tiers: [lru()], observer: metricsObserver() });
 * const users = cache.namespace("user", { load: (id) => ({ id }) });
 * console.log((await users.get("7")).id); // 7
 * await cache.close();
 * ```
 */
export function metricsObserver(options: MetricsOptions = {}): Observer {
  checkOptions("metricsObserver", options, optionRules);
  const { meter = metrics.getMeter("@tiercache/opentelemetry"), attributes = {} } = options;
  const reads = new ReadCounts();
  const events = new EventMetrics(meter, attributes);
  const gauges = new GaugeMetrics(meter, attributes, reads);
  return {
    on(event) {
      if (event.type === "hit") {
        reads.count(event.namespace, event.negative === true ? "negative" : "hit", event.tier);
        return;
      }
      const outcome = outcomes[event.type];
      if (outcome !== undefined && "namespace" in event) reads.count(event.namespace, outcome);
      events.on(event);
    },
    watch: (ask: () => CacheGauges) => gauges.watch(ask),
  };
}
