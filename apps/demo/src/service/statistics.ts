import type { Job } from "../origin/job.ts";
import type { JobTable } from "../origin/job-table.ts";
import type { UserDatabase } from "../origin/user-database.ts";

/** What there is, in numbers. */
export interface Statistics {
  readonly jobs: number;
  readonly jobsByCategory: Readonly<Record<string, number>>;
  readonly companies: number;
  readonly users: number;
  /** Users who are logged in. */
  readonly sessions: number;
}

/** How many jobs {@link popularJobs} gives. */
export const popularCount = 100;

/** Counts all there is. */
export async function statisticsOf(table: JobTable, database: UserDatabase): Promise<Statistics> {
  const jobs = await table.listAll();
  const jobsByCategory: Record<string, number> = {};
  for (const { category } of jobs) jobsByCategory[category] = (jobsByCategory[category] ?? 0) + 1;
  const companies = new Set(jobs.map(({ companyId }) => companyId)).size;
  return { jobs: jobs.length, jobsByCategory, companies, ...database.counts() };
}

/** The jobs that were opened most, the most opened first. */
export async function popularJobs(table: JobTable): Promise<readonly Job[]> {
  const jobs = await table.listAll();
  return jobs.sort((one, other) => other.viewCount - one.viewCount || one.id - other.id).slice(0, popularCount);
}
