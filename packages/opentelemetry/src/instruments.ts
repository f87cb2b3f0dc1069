import { attributeNames, type InstrumentShape } from "./instrument-shape.ts";

const { namespace, tier, outcome, operation, status, state, reason, errorType } = attributeNames;

const callBuckets = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const loadBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const ageBuckets = [0.1, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400];

/** What is added to as things happen. */
export type CounterName =
  | "cache.coalesced_reads"
  | "cache.breaker.changes"
  | "cache.breaker.refused_calls"
  | "cache.outbox.collapses"
  | "cache.load.keys"
  | "cache.load.timeouts"
  | "cache.back_fills"
  | "cache.writes"
  | "cache.clears"
  | "cache.tag_invalidations"
  | "cache.refused_commits"
  | "cache.rejected_frames"
  | "cache.unkept_values"
  | "cache.renewals"
  | "cache.bus.gaps"
  | "cache.bus.invalidations"
  | "cache.bus.rejected_messages";

export const counters: Readonly<Record<CounterName, InstrumentShape>> = {
  "cache.breaker.changes": {
    unit: "{change}",
    description: "Changes of a remote tier's breaker, by its new state.",
    attributes: [state, tier],
  },
  "cache.breaker.refused_calls": {
    unit: "{call}",
    description: "Calls to a remote tier that were not made, as its breaker was not closed.",
    attributes: [operation, tier],
  },
  "cache.coalesced_reads": {
    unit: "{read}",
    description: "Reads that waited for another read of the same key; not among cache.reads.",
    attributes: [namespace],
  },
  "cache.outbox.collapses": {
    unit: "{collapse}",
    description: "Times at which so many removals waited that all of a namespace was taken for removed.",
    attributes: [namespace, tier],
  },
  "cache.load.keys": {
    unit: "{key}",
    description: "Keys that loaders were called for, by outcome: loaded or failed.",
    attributes: [namespace, outcome],
  },
  "cache.load.timeouts": {
    unit: "{load}",
    description: "Calls of a loader that did not end within the hard timeout.",
    attributes: [namespace],
  },
  "cache.back_fills": {
    unit: "{entry}",
    description: "Entries copied into a tier from one below it.",
    attributes: [namespace, tier],
  },
  "cache.writes": {
    unit: "{key}",
    description: "Keys that were explicitly set, deleted or invalidated, by status: done, queued or failed.",
    attributes: [namespace, operation, status],
  },
  "cache.clears": {
    unit: "{clear}",
    description: "Times at which everything in a namespace was explicitly forgotten, by status: done or queued.",
    attributes: [namespace, status],
  },
  "cache.tag_invalidations": {
    unit: "{tag}",
    description: "Tags that were explicitly invalidated, or deleted with all that has them, by status: done or queued.",
    attributes: [operation, status],
  },
  "cache.refused_commits": {
    unit: "{entry}",
    description: "Loaded values that a tier did not take, as their keys had been written or removed meanwhile.",
    attributes: [namespace, tier],
  },
  "cache.rejected_frames": {
    unit: "{frame}",
    description: "Bytes in a tier that were no entry of the namespace, by reason.",
    attributes: [namespace, reason, tier],
  },
  "cache.unkept_values": {
    unit: "{value}",
    description:
      "Values that were handed out and not kept, by reason: superseded, held-off, not-kept, late-tags or encode-failed.",
    attributes: [namespace, reason],
  },
  "cache.renewals": {
    unit: "{entry}",
    description: "Entries whose life was prolonged, by reason: sliding or unchanged.",
    attributes: [namespace, reason],
  },
  "cache.bus.gaps": {
    unit: "{gap}",
    description: "Times at which announcements of other processes may have been missed.",
    attributes: [],
  },
  "cache.bus.invalidations": {
    unit: "{key}",
    description: "Keys that other processes have announced as no longer to be believed.",
    attributes: [namespace],
  },
  "cache.bus.rejected_messages": {
    unit: "{message}",
    description: "Messages on the bus's channel that were no announcements.",
    attributes: [],
  },
};

/** How long things took. */
export type HistogramName =
  | "cache.stale.age"
  | "cache.load.duration"
  | "cache.lease.wait.duration"
  | "cache.lock.wait.duration"
  | "cache.lock.held.duration"
  | "cache.tier.operation.duration"
  | "cache.bus.lag";

export const histograms: Readonly<Record<HistogramName, InstrumentShape>> = {
  "cache.stale.age": {
    unit: "s",
    description: "How long values that answered as stale had no longer been fresh.",
    attributes: [namespace, reason],
    buckets: ageBuckets,
  },
  "cache.load.duration": {
    unit: "s",
    description: "How long calls of a loader took, by outcome: loaded or failed.",
    attributes: [namespace, outcome],
    buckets: loadBuckets,
  },
  "cache.lease.wait.duration": {
    unit: "s",
    description: "How long loads of other processes were waited for, by outcome: answered or given_up.",
    attributes: [namespace, outcome, tier],
    buckets: loadBuckets,
  },
  "cache.lock.wait.duration": {
    unit: "s",
    description: "How long locks were waited for, by outcome: granted, not-granted, unavailable or left.",
    attributes: [outcome],
    buckets: loadBuckets,
  },
  "cache.lock.held.duration": {
    unit: "s",
    description: "How long locks were held, by outcome: released, or lost before the work had ended.",
    attributes: [outcome],
    buckets: loadBuckets,
  },
  "cache.tier.operation.duration": {
    unit: "s",
    description: "How long calls to a remote tier took, by outcome: ok or failed.",
    attributes: [errorType, operation, outcome, tier],
    buckets: callBuckets,
  },
  "cache.bus.lag": {
    unit: "s",
    description: "How long an echo of this process was under way on the bus.",
    attributes: [],
    buckets: callBuckets,
  },
};

/** What is looked at when metrics are collected. */
export type ObservableName =
  | "cache.reads"
  | "cache.load.time_saved"
  | "cache.entries"
  | "cache.size"
  | "cache.evictions"
  | "cache.breaker.state"
  | "cache.outbox.keys"
  | "cache.bus.certificate.age"
  | "cache.target.met";

/** An instrument that is looked at: a sum that only grows, one that does not, or something that is no sum. */
export interface ObservableShape extends InstrumentShape {
  readonly kind: "observable counter" | "observable up-down counter" | "observable gauge";
}

export const observables: Readonly<Record<ObservableName, ObservableShape>> = {
  "cache.reads": {
    kind: "observable counter",
    unit: "{read}",
    description: "Reads of keys by what they were answered with: hit, negative, stale, miss, bypass or error.",
    attributes: [namespace, outcome, tier],
  },
  "cache.load.time_saved": {
    kind: "observable counter",
    unit: "s",
    description: "The time that loaders would have taken to make what was found in a tier.",
    attributes: [namespace],
  },
  "cache.entries": {
    kind: "observable up-down counter",
    unit: "{entry}",
    description: "Entries held in the local tier.",
    attributes: [namespace, tier],
  },
  "cache.size": {
    kind: "observable up-down counter",
    unit: "By",
    description: "Bytes of the values in the local tier, where it is bounded by bytes.",
    attributes: [namespace, tier],
  },
  "cache.evictions": {
    kind: "observable counter",
    unit: "{entry}",
    description: "Entries that the local tier dropped, by reason: budget, share, expired or refused.",
    attributes: [namespace, reason, tier],
  },
  "cache.breaker.state": {
    kind: "observable up-down counter",
    unit: "1",
    description:
      "1 for the state of a remote tier's breaker, 0 for those it is not in: closed, open, half-open, isolated.",
    attributes: [state, tier],
  },
  "cache.outbox.keys": {
    kind: "observable up-down counter",
    unit: "{key}",
    description: "Keys whose removal a remote tier could not be told of yet.",
    attributes: [tier],
  },
  "cache.bus.certificate.age": {
    kind: "observable gauge",
    unit: "s",
    description: "How long ago it was last proved that no announcement was missed.",
    attributes: [],
  },
  "cache.target.met": {
    kind: "observable gauge",
    unit: "1",
    description: "1 while the hit rate of a namespace is what its target asks for, 0 while it has fallen short.",
    attributes: [namespace],
  },
};
