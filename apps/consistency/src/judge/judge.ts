import type { History } from "../history/history.ts";
import { atomicAnnouncement } from "./atomic-announcement.ts";
import { boundedStaleness } from "./bounded-staleness.ts";
import { certifiedHits } from "./certified-hits.ts";
import { convergence } from "./convergence.ts";
import { holdOff } from "./hold-off.ts";
import type { Invariant, Violation } from "./invariant.ts";
import { isolation } from "./isolation.ts";
import { knownValues } from "./known-values.ts";
import { liveness } from "./liveness.ts";
import { lockExclusion, lockLoss, lockTokens } from "./locks.ts";
import { monotonicReads } from "./monotonic-reads.ts";
import { noJoinAcrossChange } from "./no-join-across-change.ts";
import { noProblems } from "./no-problems.ts";
import { nothingLeft } from "./nothing-left.ts";
import { oneLoad } from "./one-load.ts";
import { outboxCompleteness } from "./outbox-completeness.ts";
import { outboxOrder } from "./outbox-order.ts";
import { readYourChanges } from "./read-your-changes.ts";
import { staleHonesty } from "./stale-honesty.ts";
import { exactCommits, exactRefreshes } from "./superseded-load.ts";
import { tagged } from "./tags.ts";
import { clockIndependence, evictionSafety, identityChange, partialBatches } from "./under-fault.ts";

/** All that is judged: add an invariant by adding it here. */
export const INVARIANTS: readonly Invariant[] = [
  boundedStaleness,
  noJoinAcrossChange,
  readYourChanges,
  exactCommits,
  monotonicReads,
  certifiedHits,
  clockIndependence,
  evictionSafety,
  identityChange,
  convergence,
  liveness,
  oneLoad,
  exactRefreshes,
  outboxOrder,
  outboxCompleteness,
  atomicAnnouncement,
  partialBatches,
  holdOff,
  isolation,
  knownValues,
  noProblems,
  nothingLeft,
  staleHonesty,
  tagged,
  lockTokens,
  lockExclusion,
  lockLoss,
];

/** What an invariant has to say of a history. */
export interface Finding {
  readonly invariant: Invariant;
  readonly violations: readonly Violation[];
}

/** What each invariant has to say of a history. */
export function judged(history: History): readonly Finding[] {
  return INVARIANTS.map((invariant) => ({ invariant, violations: invariant.judge(history) }));
}
