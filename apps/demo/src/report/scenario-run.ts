import { percentile } from "../load/percentile.ts";
import type { JobMatching } from "../service/job-matching.ts";
import { callsBetween, callsOf, type OriginCalls, type Origins } from "../service/origins.ts";
import type { TierHits } from "../service/tier-counter.ts";
import type { Measurement } from "./measurement.ts";
import type { Scenario } from "./scenarios.ts";
import { runVisits, type VisitRun } from "./visit.ts";

/** Visitors at a time, without and with the cache alike. */
const concurrency = 8;

/** Service instances with caches, all empty at first and used by one scenario only. */
export interface CachedFleet {
  /** Instances with a local tier each, sharing the remote one. */
  readonly instances: readonly JobMatching[];
  /** An instance without a local tier, so that every hit comes from the remote one; absent where there is none. */
  readonly remoteOnly: JobMatching | undefined;
  /** What the tiers of all instances answered of the given namespaces' reads since the last call. */
  takeHits(namespaces: readonly string[]): TierHits;
  /** Waits until what was loaded has reached the remote tier. */
  settle(): Promise<void>;
}

/** What a scenario is run against. */
export interface ScenarioStage {
  readonly origins: Origins;
  readonly direct: JobMatching;
  readonly fleet: CachedFleet;
}

interface CountedRun extends VisitRun {
  readonly calls: OriginCalls;
}

/**
 * Runs one scenario four times over the same requests: without a cache; with instances whose caches are empty; again
 * with one of them, now warm; and from the remote tier alone.
 */
export async function measureScenario(
  scenario: Scenario,
  { origins, direct, fleet }: ScenarioStage,
): Promise<Measurement> {
  const { visits, ingest } = scenario;
  const { instances, remoteOnly } = fleet;
  const instanceOf = (index: number): JobMatching => instances[index % instances.length] ?? direct;

  const without = await counted(origins, () => runVisits(visits, { concurrency, serviceOf: () => direct }));
  fleet.takeHits(scenario.namespaces);
  const withCache = await counted(origins, async () => {
    await ingest?.(instanceOf(0));
    return runVisits(visits, { concurrency, serviceOf: instanceOf });
  });
  const hits = fleet.takeHits(scenario.namespaces);
  // The other instances have filled their own local tiers; this makes the first one's complete.
  await runVisits(visits, { concurrency, serviceOf: () => instanceOf(0) });
  // One at a time: of several, each would also be charged for the work of the others.
  const fromL1 = await runVisits(visits, { concurrency: 1, serviceOf: () => instanceOf(0) });
  await fleet.settle();
  const fromL2 =
    remoteOnly === undefined ? undefined : await runVisits(visits, { concurrency: 1, serviceOf: () => remoteOnly });
  fleet.takeHits(scenario.namespaces);

  const runs = [withCache, fromL1, ...(fromL2 === undefined ? [] : [fromL2])];
  return {
    name: scenario.name,
    ...costs(without, withCache),
    ...hitRates(hits),
    ...latencies(fromL1, fromL2),
    valuesEqual: runs.every((run) => sameAnswers(run, without)),
  };
}

async function counted(origins: Origins, run: () => Promise<VisitRun>): Promise<CountedRun> {
  const before = callsOf(origins);
  const visits = await run();
  return { ...visits, calls: callsBetween(before, callsOf(origins)) };
}

function costs(without: CountedRun, withCache: CountedRun) {
  return {
    requests: without.tookMs.length,
    originCallsWithout: totalOf(without.calls),
    originCallsWith: totalOf(withCache.calls),
    p50MsWithout: millis(without, 0.5),
    p99MsWithout: millis(without, 0.99),
    p50MsWith: millis(withCache, 0.5),
    p99MsWith: millis(withCache, 0.99),
    savedUsd: without.calls.costUsd - withCache.calls.costUsd,
    callsWithout: without.calls,
    callsWith: withCache.calls,
  };
}

function latencies(fromL1: VisitRun, fromL2: VisitRun | undefined) {
  return { p50MsL1: millis(fromL1, 0.5), p50MsL2: fromL2 === undefined ? null : millis(fromL2, 0.5) };
}

function hitRates({ byTier, joined, missed }: TierHits) {
  const hits = Object.values(byTier).reduce((sum, count) => sum + count, 0);
  const reads = Math.max(1, hits + joined + missed);
  return {
    hitRate: (hits + joined) / reads,
    hitRateL1: (byTier["lru"] ?? 0) / reads,
    hitRateL2: (byTier["redis"] ?? 0) / reads,
  };
}

function totalOf({ tableReads, queries, providerCalls }: OriginCalls): number {
  return tableReads + queries + providerCalls;
}

function millis(run: VisitRun, share: number): number {
  return Math.round((percentile(run.tookMs, share) ?? 0) * 1_000) / 1_000;
}

function sameAnswers(one: VisitRun, other: VisitRun): boolean {
  return (
    one.digests.length === other.digests.length && one.digests.every((digest, index) => digest === other.digests[index])
  );
}
