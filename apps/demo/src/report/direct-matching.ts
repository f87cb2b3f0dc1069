import type { Job } from "../origin/job.ts";
import type { JobFilter } from "../origin/job-filter.ts";
import type { FeedPage } from "../origin/job-table.ts";
import type { MatchScore } from "../origin/match-scoring.ts";
import { MatchDesk } from "../service/match-desk.ts";
import type { Origins } from "../service/origins.ts";
import type { JobMatching } from "./job-matching.ts";

/** The service without a cache: every answer is made anew from the origins. */
export class DirectMatching implements JobMatching {
  readonly #origins: Origins;
  readonly #desk: MatchDesk;

  constructor(origins: Origins) {
    this.#origins = origins;
    this.#desk = new MatchDesk({
      allJobs: () => origins.jobs.listAll(),
      jobs: (ids) => origins.jobs.jobs(ids),
      resume: async (userId) => origins.users.resume(userId),
      preferences: async (userId) => origins.users.preferences(userId),
      vectors: (texts) => origins.embeddings.embed(texts),
    });
  }

  feedPage(filter: JobFilter, page: number): Promise<FeedPage> {
    return this.#origins.jobs.feedPage(filter, page);
  }

  job(id: number): Promise<Job | undefined> {
    return this.#origins.jobs.job(id);
  }

  topMatches(userId: number): Promise<readonly MatchScore[] | undefined> {
    return this.#desk.topMatches(userId);
  }

  matchScore(userId: number, jobId: number): Promise<MatchScore | undefined> {
    return this.#desk.matchScore(userId, jobId);
  }

  embeddings(texts: readonly string[]): Promise<readonly Float32Array[]> {
    return this.#origins.embeddings.embed(texts);
  }
}
