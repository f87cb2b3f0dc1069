import type { Job } from "./job.ts";
import { hasSkill, payFit, placeFit } from "./match-scoring.ts";
import type { Preferences } from "./preferences.ts";
import type { Resume } from "./resume.ts";

/** How many jobs are embedded and scored for a user's top matches. */
export const candidateCount = 100;

/**
 * The jobs worth embedding for a user: ranked by wanted category, shared skills, place and pay, without any text.
 * Embedding all jobs for each user would be the whole table through the provider; this leaves one call of a hundred.
 *
 * @param jobs any order; not changed
 * @returns at most {@link candidateCount} jobs, the most promising first, ties by popularity and then by id
 */
export function selectCandidates(jobs: readonly Job[], resume: Resume, preferences: Preferences): Job[] {
  return jobs
    .map((job) => ({ job, promise: promiseOf(job, resume, preferences) }))
    .sort((one, other) => other.promise - one.promise || byPopularity(one.job, other.job))
    .slice(0, candidateCount)
    .map(({ job }) => job);
}

function promiseOf(job: Job, resume: Resume, preferences: Preferences): number {
  const wanted = preferences.categories.length === 0 || preferences.categories.includes(job.category);
  const shared = job.skills.filter((skill) => hasSkill(resume, skill)).length / Math.max(1, job.skills.length);
  return (
    (wanted ? 3 : 0) + 3 * shared + 1.5 * placeFit(job, preferences) + payFit(job, preferences.minimumSalaryEurPerYear)
  );
}

function byPopularity(one: Job, other: Job): number {
  return other.viewCount - one.viewCount || one.id - other.id;
}
