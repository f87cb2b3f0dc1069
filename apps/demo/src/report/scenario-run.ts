import { percentile } from "../load/percentile.ts";
import { callsBetween, callsOf, type OriginCalls } from "../service/origins.ts";
import type { RemoteServer } from "../service/remote-server.ts";
import type { TierHits } from "../service/tier-counter.ts";
import type { World } from "../service/world.ts";
import { DirectMatching } from "./direct-matching.ts";
import { Fleet } from "./fleet.ts";
import { type Configuration, configurations, type Measurement, type ScenarioReport } from "./measurement.ts";
import type { Scenario } from "./scenarios.ts";
import { runVisits, type VisitRun } from "./visit.ts";

/** Visitors at a time, without and with the cache alike. */
const concurrency = 8;

/** What a scenario is run on. */
export interface ScenarioStage {
  readonly world: World;
  /** Absent: the local tier alone. */
  readonly remote: RemoteServer | undefined;
  readonly instances: number;
  /** Told how many configurations are measured. */
  readonly onProgress?: (done: number, total: number) => void;
}

interface CountedRun extends VisitRun {
  readonly calls: OriginCalls;
}

/**
 * Runs one scenario with every configuration over the same requests, each with caches that are empty at first. Without a cache, where
 * each request costs what the one before it did, only some of them are made.
 */
export async function runScenario(scenario: Scenario, stage: ScenarioStage): Promise<ScenarioReport> {
  const measurements: Measurement[] = [];
  let without: CountedRun | undefined;
  const measured = configurations.filter((name) => stage.remote !== undefined || !name.includes("L2"));
  for (const configuration of measured) {
    stage.onProgress?.(measurements.length, measured.length);
    if (configuration === "none") {
      without = await runWithout(scenario, stage.world);
      measurements.push({ configuration, ...costs(without), ...hitRates(), warmP50Ms: null, sameAnswers: true });
    } else {
      measurements.push(await runWith(scenario, stage, { configuration, expected: without?.digests ?? [] }));
    }
  }
  stage.onProgress?.(measurements.length, measured.length);
  return { name: scenario.name, measurements };
}

function runWithout({ visits, visitsWithout }: Scenario, world: World): Promise<CountedRun> {
  const direct = new DirectMatching(world.origins);
  const some = visits.slice(0, visitsWithout);
  return counted(world, () => runVisits(some, { concurrency, serviceOf: () => direct }));
}

async function runWith(
  { visits, ingest, namespaces }: Scenario,
  { world, remote, instances }: ScenarioStage,
  { configuration, expected }: { configuration: Exclude<Configuration, "none">; expected: readonly string[] },
): Promise<Measurement> {
  const fleet = new Fleet(world, { configuration, remote, count: instances });
  try {
    await fleet.ready();
    const run = await counted(world, async () => {
      await ingest?.(fleet.matching(0));
      return runVisits(visits, { concurrency, serviceOf: (index) => fleet.matching(index) });
    });
    const hits = fleet.counter.take(namespaces);
    await fleet.settle();
    // The other instances have kept things for themselves; this makes the first one's cache complete.
    const serviceOf = () => fleet.matching(0);
    await runVisits(visits, { concurrency, serviceOf });
    // One at a time: of several, each would also be charged for the work of the others.
    const warm = await runVisits(visits, { concurrency: 1, serviceOf });
    const sameAnswers = [run, warm].every(({ digests }) =>
      expected.every((digest, index) => digest === digests[index]),
    );
    return { configuration, ...costs(run), ...hitRates(hits), warmP50Ms: millis(warm, 0.5), sameAnswers };
  } finally {
    await fleet.close();
  }
}

async function counted({ origins }: World, run: () => Promise<VisitRun>): Promise<CountedRun> {
  const before = callsOf(origins);
  const visits = await run();
  return { ...visits, calls: callsBetween(before, callsOf(origins)) };
}

function costs(run: CountedRun) {
  const { tookMs, calls } = run;
  const originCalls = calls.tableReads + calls.queries + calls.providerCalls;
  return { requests: tookMs.length, originCalls, calls, p50Ms: millis(run, 0.5), p99Ms: millis(run, 0.99) };
}

function hitRates({ byTier, joined, missed }: TierHits = { byTier: {}, joined: 0, missed: 0 }) {
  const hits = Object.values(byTier).reduce((sum, count) => sum + count, 0);
  const reads = Math.max(1, hits + joined + missed);
  return {
    hitRate: (hits + joined) / reads,
    hitRateL1: (byTier["lru"] ?? 0) / reads,
    hitRateL2: (byTier["redis"] ?? 0) / reads,
  };
}

function millis(run: VisitRun, share: number): number {
  return Math.round((percentile(run.tookMs, share) ?? 0) * 1_000) / 1_000;
}
