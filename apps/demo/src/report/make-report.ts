import { randomUUID } from "node:crypto";
import type { Corpus } from "../load/embedding-texts.ts";
import type { RequestSequences } from "../load/request-sequence.ts";
import { DirectMatching } from "../service/direct-matching.ts";
import { type Instance, startInstance } from "../service/instance.ts";
import type { RemoteServer } from "../service/remote-server.ts";
import { TierCounter } from "../service/tier-counter.ts";
import type { World } from "../service/world.ts";
import type { Measurement, Report } from "./measurement.ts";
import { type CachedFleet, measureScenario } from "./scenario-run.ts";
import { type Scenario, scenariosOf } from "./scenarios.ts";

/** What the report is made over. */
export interface ReportOptions {
  readonly seed: number;
  readonly sequences: RequestSequences;
  /** Absent: the local tier alone. */
  readonly remote: RemoteServer | undefined;
  /** Told before each scenario. */
  readonly onScenario?: (name: Scenario["name"]) => void;
}

/** Runs the three scenarios without and with the cache. */
export async function makeReport(
  world: World,
  { seed, sequences, remote, onScenario }: ReportOptions,
): Promise<Report> {
  const scenarios = scenariosOf(sequences, await corpusOf(world));
  // Instances without a shared tier would each load everything for themselves.
  const instances = remote === undefined ? 1 : 2;
  const measured: Measurement[] = [];
  for (const scenario of scenarios) {
    onScenario?.(scenario.name);
    const fleet = startFleet(world, instances, remote?.url);
    const stage = { origins: world.origins, direct: new DirectMatching(world.origins), fleet };
    measured.push(await measureScenario(scenario, stage));
    await fleet.close();
  }
  return { seed, zipfExponent: 1, instances, remoteTier: remote?.description ?? null, scenarios: measured };
}

/** All texts of the data, read past the counters' eyes: before the first scenario. */
async function corpusOf({ origins }: World): Promise<Corpus> {
  const jobs = await origins.jobs.listAll();
  const resumes = [];
  for (let userId = 1; ; userId++) {
    const resume = origins.users.resume(userId);
    if (resume === undefined) return { jobs, resumes };
    resumes.push(resume);
  }
}

function startFleet(
  world: World,
  count: number,
  redisUrl: string | undefined,
): CachedFleet & { close(): Promise<void> } {
  const counter = new TierCounter();
  // A server of somebody's own may hold the keys of an earlier report.
  const prefix = `report-${randomUUID()}`;
  const start = (local: boolean): Instance => startInstance(world, { redisUrl, prefix, observer: counter, local });
  const instances = Array.from({ length: count }, () => start(true));
  const remoteOnly = redisUrl === undefined ? undefined : start(false);
  const close = async (): Promise<void> => {
    await Promise.all(
      [...instances, ...(remoteOnly === undefined ? [] : [remoteOnly])].map(({ cache }) => cache.close()),
    );
  };
  return {
    instances: instances.map(({ service }) => service),
    remoteOnly: remoteOnly?.service,
    takeHits: (namespaces) => counter.take(namespaces),
    settle: async () => void (await Promise.all(instances.map(({ cache }) => cache.drain()))),
    close,
  };
}
