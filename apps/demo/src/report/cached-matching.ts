import type { Job } from "../origin/job.ts";
import type { JobFilter } from "../origin/job-filter.ts";
import type { FeedPage } from "../origin/job-table.ts";
import type { MatchScore } from "../origin/match-scoring.ts";
import type { Matches } from "../service/matches.ts";
import type { Namespaces } from "../service/namespaces.ts";
import type { JobMatching } from "./job-matching.ts";

/** The service with a cache: each answer is a read of a namespace. */
export class CachedMatching implements JobMatching {
  readonly #namespaces: Namespaces;
  readonly #matches: Matches;

  constructor(namespaces: Namespaces, matches: Matches) {
    this.#namespaces = namespaces;
    this.#matches = matches;
  }

  feedPage(filter: JobFilter, page: number): Promise<FeedPage> {
    return this.#namespaces.feed.get(filter, page);
  }

  job(id: number): Promise<Job | undefined> {
    return this.#namespaces.jobs.get(id);
  }

  async topMatches(userId: number): Promise<readonly MatchScore[] | undefined> {
    return (await this.#matches.top(userId)).value;
  }

  matchScore(userId: number, jobId: number): Promise<MatchScore | undefined> {
    return this.#namespaces.scores.get(userId, jobId);
  }

  embeddings(texts: readonly string[]): Promise<readonly Float32Array[]> {
    return this.#namespaces.embeddings.getMany(texts);
  }
}
