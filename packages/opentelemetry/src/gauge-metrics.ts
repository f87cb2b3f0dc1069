import type { Attributes, BatchObservableResult, Meter, Observable } from "@opentelemetry/api";
import type { BreakerState, CacheGauges, NamespaceGauges } from "@tiercache/core";
import { metricOptionsOf, attributeNames as names } from "./instrument-shape.ts";
import { type ObservableName, observables } from "./instruments.ts";
import type { ReadCounts } from "./read-counts.ts";
import { Sums } from "./sums.ts";

const BREAKER_STATES: readonly BreakerState[] = ["closed", "open", "half-open", "isolated"];

/** What is looked at when metrics are collected. */
export class GaugeMetrics {
  readonly #attributes: Attributes;
  readonly #reads: ReadCounts;
  readonly #observables: ReadonlyMap<ObservableName, Observable>;
  /** What can be asked of each cache. */
  readonly #caches = new Set<() => CacheGauges>();
  /** What caches that were closed have left to sums that only grow. */
  readonly #left = new Sums();

  /** @param attributes - Those of every number. */
  constructor(meter: Meter, attributes: Attributes, reads: ReadCounts) {
    this.#attributes = attributes;
    this.#reads = reads;
    const all = Object.keys(observables) as ObservableName[];
    this.#observables = new Map(all.map((name) => [name, observableOf(meter, name)]));
    meter.addBatchObservableCallback((result) => this.#collect(result), [...this.#observables.values()]);
  }

  /** Looks at one more cache, until what is returned is called. Sums that only grow keep what it has added to them. */
  watch(ask: () => CacheGauges): () => void {
    this.#caches.add(ask);
    return () => {
      if (!this.#caches.delete(ask)) return;
      askAll(ask(), (name, value, attributes) => {
        if (observables[name].kind === "observable counter") this.#left.add(name, value, attributes);
      });
    };
  }

  #collect(result: BatchObservableResult): void {
    const sums = new Sums();
    const add: Add = (name, value, attributes) => sums.add(name, value, attributes);
    for (const { name, value, attributes } of this.#left) add(name, value, attributes);
    for (const { namespace, outcome, tier, reads } of this.#reads) {
      const answered = { [names.namespace]: namespace, [names.outcome]: outcome };
      add("cache.reads", reads, tier === undefined ? answered : { ...answered, [names.tier]: tier });
    }
    for (const ask of this.#caches) askAll(ask(), add);
    for (const { name, attributes, value } of sums) {
      const observable = this.#observables.get(name);
      if (observable !== undefined) result.observe(observable, value, { ...this.#attributes, ...attributes });
    }
  }
}

type Add = (name: ObservableName, value: number | undefined, attributes: Attributes) => void;

function askAll({ namespaces, tiers, certificateAgeMs }: CacheGauges, add: Add): void {
  for (const namespace of namespaces) askNamespace(namespace, add);
  for (const { tier, outboxKeys, breaker } of tiers) {
    add("cache.outbox.keys", outboxKeys, { [names.tier]: tier });
    for (const state of BREAKER_STATES) {
      add("cache.breaker.state", Number(state === breaker), { [names.tier]: tier, [names.state]: state });
    }
  }
  add("cache.bus.certificate.age", certificateAgeMs && certificateAgeMs / 1_000, {});
}

function askNamespace(gauges: NamespaceGauges, add: Add): void {
  const { namespace, tier, entries, bytes, evictions, savedMs, meetsTarget } = gauges;
  const named = { [names.namespace]: namespace };
  add("cache.load.time_saved", savedMs / 1_000, named);
  add("cache.target.met", meetsTarget === undefined ? undefined : Number(meetsTarget), named);
  if (tier === undefined) return;
  const placed = { ...named, [names.tier]: tier };
  add("cache.entries", entries, placed);
  add("cache.size", bytes, placed);
  for (const [reason, times] of Object.entries(evictions ?? {})) {
    add("cache.evictions", times, { ...placed, [names.reason]: reason });
  }
}

function observableOf(meter: Meter, name: ObservableName): Observable {
  const shape = observables[name];
  const options = metricOptionsOf(shape);
  if (shape.kind === "observable counter") return meter.createObservableCounter(name, options);
  if (shape.kind === "observable gauge") return meter.createObservableGauge(name, options);
  return meter.createObservableUpDownCounter(name, options);
}
