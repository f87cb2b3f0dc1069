import { generateCompanies } from "./company.ts";
import { companyCount } from "./generator.ts";
import type { Job } from "./job.ts";
import { generateJob } from "./job.ts";
import { SeededRandom } from "./random.ts";

/** What a run of the job feed brings. */
export interface JobChanges {
  readonly added: readonly Job[];
  /** As they are from now on. */
  readonly changed: readonly Job[];
  /** The ids of jobs that are no longer offered. */
  readonly removedIds: readonly number[];
}

/** How much a run changes. */
export interface ChangeOptions {
  readonly seed: number;
  /** Counted from 1; each run brings other changes. */
  readonly run: number;
  /** @defaultValue 20 */
  readonly added?: number | undefined;
  /** Every other one of them gets another text; the rest, other pay alone. @defaultValue 30 */
  readonly changed?: number | undefined;
  /** @defaultValue 10 */
  readonly removed?: number | undefined;
}

/**
 * The changes of a run of the job feed. Equal jobs and options give equal changes. New jobs are as new as the newest there is, one
 * second apart, and get ids that no job had before.
 */
export function changesOf(jobs: readonly Job[], options: ChangeOptions): JobChanges {
  const { seed, run, added = 20, changed = 30, removed = 10 } = options;
  const random = new SeededRandom(seed, `ingestion/${run}`);
  const picked = random.sample(jobs, changed + removed);
  const highestId = Math.max(0, ...jobs.map(({ id }) => id));
  const newestMs = Math.max(0, ...jobs.map(({ postedAtMs }) => postedAtMs));
  const companies = generateCompanies(seed, companyCount);
  return {
    // Ids of removed jobs lie below: `highestId` of a table without its last job would be given out again.
    added: Array.from({ length: added }, (_, index) => {
      const id = Math.max(highestId, 1_000_000 * run) + index + 1;
      return { ...generateJob(seed, id, companies), postedAtMs: newestMs + (index + 1) * 1_000 };
    }),
    changed: picked.slice(0, changed).map((job, index) => (index % 2 === 0 ? reworded(job, run) : betterPaid(job))),
    removedIds: picked.slice(changed).map(({ id }) => id),
  };
}

/** The table after the changes. */
export function applied(jobs: readonly Job[], { added, changed, removedIds }: JobChanges): Job[] {
  const changedById = new Map(changed.map((job) => [job.id, job]));
  const removed = new Set(removedIds);
  const kept = jobs.filter(({ id }) => !removed.has(id)).map((job) => changedById.get(job.id) ?? job);
  return [...kept, ...added];
}

function reworded(job: Job, run: number): Job {
  return { ...job, description: `${job.description} Updated in run ${run}: we answer within a week.` };
}

function betterPaid(job: Job): Job {
  return {
    ...job,
    salaryFromEurPerYear: job.salaryFromEurPerYear + 1_000,
    salaryToEurPerYear: job.salaryToEurPerYear + 1_000,
  };
}
