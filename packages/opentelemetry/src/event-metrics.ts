import type { Attributes, Counter, Histogram, Meter } from "@opentelemetry/api";
import type { CacheEvent, Ms } from "@tiercache/core";
import { BoundedNames } from "./bounded-names.ts";
import {
  type CounterName,
  counters,
  type HistogramName,
  histograms,
  metricOptionsOf,
  attributeNames as names,
} from "./instruments.ts";

/** An error code is a client's, and there might be any number of them. */
const MOST_ERROR_TYPES = 30;

/** The counters and histograms: what is added to as things happen. */
export class EventMetrics {
  readonly #meter: Meter;
  readonly #attributes: Attributes;
  readonly #counters = new Map<string, Counter>();
  readonly #histograms = new Map<string, Histogram>();
  readonly #errorTypes = new BoundedNames(MOST_ERROR_TYPES);

  /** @param attributes - Those of every number. */
  constructor(meter: Meter, attributes: Attributes) {
    this.#meter = meter;
    this.#attributes = attributes;
  }

  on(event: CacheEvent): void {
    if ("namespace" in event) this.#ofNamespace(event);
    else if (event.type === "tier-called") this.#called(event);
    else if (event.type === "bus-echo") this.#record("cache.bus.lag", event.durationMs, {});
    else if (event.type === "bus-gap") this.#add("cache.bus.gaps", 1, {});
    else if (event.type === "bus-message-rejected") this.#add("cache.bus.rejected_messages", 1, {});
  }

  #ofNamespace(event: Extract<CacheEvent, { readonly namespace: string }>): void {
    const named = { [names.namespace]: event.namespace };
    switch (event.type) {
      case "stale":
        return this.#record("cache.stale.age", event.ageMs, { ...named, [names.reason]: event.why });
      case "joined":
        return this.#add("cache.coalesced_reads", 1, named);
      case "loaded":
      case "load-failed":
        return this.#loaded(event, named);
      case "load-timed-out":
        return this.#add("cache.load.timeouts", 1, named);
      case "written": {
        const { operation, status, keys } = event;
        return this.#add("cache.writes", keys, { ...named, [names.operation]: operation, [names.status]: status });
      }
      case "invalidated-elsewhere":
        return this.#add("cache.bus.invalidations", event.keys, named);
      default:
        return "tier" in event ? this.#inTier(event, named) : this.#ofValue(event, named);
    }
  }

  #loaded(
    { type, keys, durationMs }: Extract<CacheEvent, { readonly type: "loaded" | "load-failed" }>,
    named: Attributes,
  ): void {
    const attributes = { ...named, [names.outcome]: type === "loaded" ? "loaded" : "failed" };
    this.#add("cache.load.keys", keys, attributes);
    this.#record("cache.load.duration", durationMs, attributes);
  }

  #inTier(event: Extract<CacheEvent, { readonly namespace: string; readonly tier: string }>, named: Attributes): void {
    const placed = { ...named, [names.tier]: event.tier };
    switch (event.type) {
      case "back-filled":
        return this.#add("cache.back_fills", 1, placed);
      case "refused":
        return this.#add("cache.refused_commits", 1, placed);
      case "frame-rejected":
        return this.#add("cache.rejected_frames", 1, { ...placed, [names.reason]: event.reason });
      case "lease-waited": {
        const outcome = event.answered ? "answered" : "given_up";
        return this.#record("cache.lease.wait.duration", event.durationMs, { ...placed, [names.outcome]: outcome });
      }
      default:
    }
  }

  #ofValue({ type }: CacheEvent, named: Attributes): void {
    switch (type) {
      case "superseded":
      case "not-kept":
      case "encode-failed":
        return this.#add("cache.unkept_values", 1, { ...named, [names.reason]: type });
      case "renewed":
      case "unchanged":
        return this.#add("cache.renewals", 1, { ...named, [names.reason]: type === "renewed" ? "sliding" : type });
      default:
    }
  }

  #called({ tier, operation, outcome, durationMs }: Extract<CacheEvent, { readonly type: "tier-called" }>): void {
    const called = { [names.tier]: tier, [names.operation]: operation };
    const ended =
      outcome === "ok"
        ? { [names.outcome]: "ok" }
        : { [names.outcome]: "failed", [names.errorType]: this.#errorTypes.nameOf(outcome) };
    this.#record("cache.tier.operation.duration", durationMs, { ...called, ...ended });
  }

  #add(name: CounterName, value: number, attributes: Attributes): void {
    let counter = this.#counters.get(name);
    if (counter === undefined) {
      counter = this.#meter.createCounter(name, metricOptionsOf(counters[name]));
      this.#counters.set(name, counter);
    }
    counter.add(value, { ...this.#attributes, ...attributes });
  }

  #record(name: HistogramName, durationMs: Ms, attributes: Attributes): void {
    let histogram = this.#histograms.get(name);
    if (histogram === undefined) {
      histogram = this.#meter.createHistogram(name, metricOptionsOf(histograms[name]));
      this.#histograms.set(name, histogram);
    }
    histogram.record(durationMs / 1_000, { ...this.#attributes, ...attributes });
  }
}
