import type { Job } from "../origin/job.ts";
import type { JobFilter } from "../origin/job-filter.ts";
import type { FeedPage } from "../origin/job-table.ts";
import type { MatchScore } from "../origin/match-scoring.ts";

/**
 * What the report asks of the service, with a cache and without. Implemented twice over the same origins: {@link DirectMatching} computes every
 * answer, {@link CachedMatching} asks the cache first.
 */
export interface JobMatching {
  /** A page of the feed, newest first. @param page - Counted from 1. */
  feedPage(filter: JobFilter, page: number): Promise<FeedPage>;
  /** A job, or `undefined` where there is none of that id. */
  job(id: number): Promise<Job | undefined>;
  /** A user's 20 best matches, best first; `undefined` for a user who does not exist. */
  topMatches(userId: number): Promise<readonly MatchScore[] | undefined>;
  /** How well a job fits a user; `undefined` where there is no such user or job. */
  matchScore(userId: number, jobId: number): Promise<MatchScore | undefined>;
  /** The vectors of texts, in their order. */
  embeddings(texts: readonly string[]): Promise<readonly Float32Array[]>;
}
