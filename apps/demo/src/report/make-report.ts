import { type Corpus, EmbeddingTexts } from "../load/embedding-texts.ts";
import { type Population, populationOf } from "../load/population.ts";
import type { RequestSequences } from "../load/request-sequence.ts";
import type { RemoteServer } from "../service/remote-server.ts";
import type { World } from "../service/world.ts";
import { claimsOf } from "./claim.ts";
import { type DayReport, runDay } from "./day-run.ts";
import { Fleet } from "./fleet.ts";
import type { ScenarioReport } from "./measurement.ts";
import { type MemoryReport, measureMemory } from "./memory.ts";
import type { Report } from "./report.ts";
import type { ScenariosPart } from "./report-text.ts";
import { runScenario } from "./scenario-run.ts";
import { scenariosOf } from "./scenarios.ts";

/** What the report is made over. */
export interface ReportOptions {
  readonly seed: number;
  readonly sequences: RequestSequences;
  /** Absent: the local tier alone. */
  readonly remote: RemoteServer | undefined;
  /** How many visits a day has. @defaultValue 5_000 */
  readonly visitsPerDay?: number;
  /** Told how far it is. */
  readonly onProgress?: (what: string, done: number, total: number) => void;
  /** Told of the scenarios before the days begin. */
  readonly onScenarios?: (part: ScenariosPart) => void;
}

/** Of Zipf's law: that of the scenarios first, then a flatter and a steeper one. */
const exponents = [1, 0.7, 1.2] as const;

/** Measures the scenarios with each configuration, then days of all namespaces together. */
export async function makeReport(world: World, options: ReportOptions): Promise<Report> {
  const { seed, sequences, remote, onScenarios } = options;
  const corpus = await corpusOf(world);
  // Instances without a shared tier would each load everything for themselves.
  const instances = remote === undefined ? 1 : 2;
  const scenarios: ScenarioReport[] = [];
  for (const scenario of scenariosOf(sequences, corpus)) {
    const what = `Scenario ${scenario.name}, ways to cache measured`;
    const onProgress = (done: number, total: number): void => options.onProgress?.(what, done, total);
    scenarios.push(await runScenario(scenario, { world, remote, instances, onProgress }));
  }
  const part = { seed, zipfExponent: exponents[0], instances, remoteTier: remote?.description ?? null, scenarios };
  onScenarios?.(part);
  const { days, memory } = await runDays(world, { ...options, instances, texts: new EmbeddingTexts(corpus).all() });
  return {
    ...part,
    days,
    memory,
    claims: claimsOf({ scenarios, day: days[0], memory }),
  };
}

interface DaysOptions extends ReportOptions {
  readonly instances: number;
  readonly texts: readonly string[];
}

async function runDays(
  world: World,
  { seed, remote, instances, texts, visitsPerDay: visits = 5_000, onProgress }: DaysOptions,
): Promise<{ readonly days: readonly DayReport[]; readonly memory: MemoryReport | null }> {
  const population: Population = await populationOf(world.origins);
  const days: DayReport[] = [];
  let memory: MemoryReport | null = null;
  for (const exponent of exponents) {
    const configuration = remote === undefined ? "L1" : "L1 + L2";
    const fleet = new Fleet(world, { configuration, remote, count: instances });
    try {
      const progress = (done: number, total: number) => onProgress?.(`Day with exponent ${exponent}`, done, total);
      days.push(await runDay({ ...population, fleet, seed, exponent, visits, texts, onProgress: progress }));
      await fleet.settle();
      if (remote !== undefined) memory ??= await measureMemory(remote.url, fleet.prefix);
    } finally {
      await fleet.close();
    }
  }
  return { days, memory };
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
