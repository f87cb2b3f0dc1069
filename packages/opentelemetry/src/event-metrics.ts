import type { Attributes, Counter, Histogram, Meter } from "@opentelemetry/api";
import type { CacheEvent, Ms } from "@tiercache/core";
import { BoundedNames } from "./bounded-names.ts";
import { metricOptionsOf, attributeNames as names } from "./instrument-shape.ts";
import { type CounterName, counters, type HistogramName, histograms } from "./instruments.ts";

/** An error code is a client's, and there might be any number of them. */
const MOST_ERROR_TYPES = 30;

/** Where the numbers of events go. */
interface Recorder {
  add(name: CounterName, value: number, attributes: Attributes): void;
  record(name: HistogramName, durationMs: Ms, attributes: Attributes): void;
  errorType(code: string): string;
}

type EventOf<T extends CacheEvent["type"]> = Extract<CacheEvent, { readonly type: T }>;

/** What each event adds to which instrument. Those that are missing add nothing. */
const records: { readonly [T in CacheEvent["type"]]?: (event: EventOf<T>, to: Recorder) => void } = {
  stale: ({ namespace, ageMs, why }, to) =>
    to.record("cache.stale.age", ageMs, { ...named(namespace), [names.reason]: why }),
  joined: ({ namespace }, to) => to.add("cache.coalesced_reads", 1, named(namespace)),
  loaded: (event, to) => loaded(event, "loaded", to),
  "load-failed": (event, to) => loaded(event, "failed", to),
  "load-timed-out": ({ namespace }, to) => to.add("cache.load.timeouts", 1, named(namespace)),
  written: ({ namespace, operation, keys, status }, to) =>
    to.add("cache.writes", keys, { ...named(namespace), [names.operation]: operation, [names.status]: status }),
  "pattern-invalidated": ({ namespace, keys, status }, to) =>
    to.add("cache.writes", keys, {
      ...named(namespace),
      [names.operation]: "invalidate-pattern",
      [names.status]: status,
    }),
  "tags-ended": ({ operation, tags, status }, to) =>
    to.add("cache.tag_invalidations", tags, { [names.operation]: operation, [names.status]: status }),
  cleared: ({ namespace, status }, to) => to.add("cache.clears", 1, { ...named(namespace), [names.status]: status }),
  "lock-waited": ({ outcome, durationMs }, to) =>
    to.record("cache.lock.wait.duration", durationMs, { [names.outcome]: outcome }),
  "lock-held": ({ lost, durationMs }, to) =>
    to.record("cache.lock.held.duration", durationMs, { [names.outcome]: lost ? "lost" : "released" }),
  "invalidated-elsewhere": ({ namespace, keys }, to) => to.add("cache.bus.invalidations", keys, named(namespace)),
  "back-filled": (event, to) => to.add("cache.back_fills", 1, placed(event)),
  refused: (event, to) => to.add("cache.refused_commits", 1, placed(event)),
  "frame-rejected": (event, to) =>
    to.add("cache.rejected_frames", 1, { ...placed(event), [names.reason]: event.reason }),
  "lease-waited": (event, to) => {
    const outcome = event.answered ? "answered" : "given_up";
    to.record("cache.lease.wait.duration", event.durationMs, { ...placed(event), [names.outcome]: outcome });
  },
  superseded: unkept,
  "held-off": unkept,
  "not-kept": ({ namespace, why }, to) => {
    const reason = why === "ttl" ? "not-kept" : why;
    to.add("cache.unkept_values", 1, { ...named(namespace), [names.reason]: reason });
  },
  collapsed: (event, to) => to.add("cache.outbox.collapses", 1, placed(event)),
  "encode-failed": unkept,
  renewed: ({ namespace }, to) => to.add("cache.renewals", 1, { ...named(namespace), [names.reason]: "sliding" }),
  unchanged: ({ namespace }, to) => to.add("cache.renewals", 1, { ...named(namespace), [names.reason]: "unchanged" }),
  "tier-called": ({ tier, operation, outcome, durationMs }, to) => {
    const ended =
      outcome === "ok"
        ? { [names.outcome]: "ok" }
        : { [names.outcome]: "failed", [names.errorType]: to.errorType(outcome) };
    to.record("cache.tier.operation.duration", durationMs, {
      [names.tier]: tier,
      [names.operation]: operation,
      ...ended,
    });
  },
  "breaker-changed": ({ tier, state }, to) =>
    to.add("cache.breaker.changes", 1, { [names.tier]: tier, [names.state]: state }),
  "breaker-refused": ({ tier, operation }, to) =>
    to.add("cache.breaker.refused_calls", 1, { [names.tier]: tier, [names.operation]: operation }),
  "bus-echo": ({ durationMs }, to) => to.record("cache.bus.lag", durationMs, {}),
  "bus-gap": (_, to) => to.add("cache.bus.gaps", 1, {}),
  "bus-message-rejected": (_, to) => to.add("cache.bus.rejected_messages", 1, {}),
};

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
    // Each is found under the type of the events that it takes.
    const record = records[event.type] as ((event: CacheEvent, to: Recorder) => void) | undefined;
    record?.(event, this);
  }

  add(name: CounterName, value: number, attributes: Attributes): void {
    let counter = this.#counters.get(name);
    if (counter === undefined) {
      counter = this.#meter.createCounter(name, metricOptionsOf(counters[name]));
      this.#counters.set(name, counter);
    }
    counter.add(value, { ...this.#attributes, ...attributes });
  }

  record(name: HistogramName, durationMs: Ms, attributes: Attributes): void {
    let histogram = this.#histograms.get(name);
    if (histogram === undefined) {
      histogram = this.#meter.createHistogram(name, metricOptionsOf(histograms[name]));
      this.#histograms.set(name, histogram);
    }
    histogram.record(durationMs / 1_000, { ...this.#attributes, ...attributes });
  }

  /** A failure's code, as one of a few. */
  errorType(code: string): string {
    return this.#errorTypes.nameOf(code);
  }
}

function named(namespace: string): Attributes {
  return { [names.namespace]: namespace };
}

function placed({ namespace, tier }: { readonly namespace: string; readonly tier: string }): Attributes {
  return { [names.namespace]: namespace, [names.tier]: tier };
}

function loaded(
  { namespace, keys, durationMs }: EventOf<"loaded" | "load-failed">,
  outcome: "loaded" | "failed",
  to: Recorder,
): void {
  const attributes = { ...named(namespace), [names.outcome]: outcome };
  to.add("cache.load.keys", keys, attributes);
  to.record("cache.load.duration", durationMs, attributes);
}

function unkept({ type, namespace }: EventOf<"superseded" | "held-off" | "encode-failed">, to: Recorder): void {
  to.add("cache.unkept_values", 1, { ...named(namespace), [names.reason]: type });
}
