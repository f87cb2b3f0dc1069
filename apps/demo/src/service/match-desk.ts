import { cosineSimilarity } from "../origin/cosine-similarity.ts";
import { type Job, jobText } from "../origin/job.ts";
import { selectCandidates } from "../origin/match-candidates.ts";
import { bestMatches, type MatchScore, scoreMatch } from "../origin/match-scoring.ts";
import type { Preferences } from "../origin/preferences.ts";
import type { Resume } from "../origin/resume.ts";

/** Where a match gets what it is computed from: straight from the origins, or through a cache in front of them. */
export interface MatchSources {
  allJobs(): Promise<readonly Job[]>;
  /** Jobs by their ids, in their order. */
  jobs(ids: readonly number[]): Promise<readonly (Job | undefined)[]>;
  resume(userId: number): Promise<Resume | undefined>;
  preferences(userId: number): Promise<Preferences | undefined>;
  /** Vectors of texts, in their order. */
  vectors(texts: readonly string[]): Promise<readonly Float32Array[]>;
}

/** Whose score for what. */
export type ScoreKey = readonly [userId: number, jobId: number];

/** Computes matches from their sources. Knows nothing of caching. */
export class MatchDesk {
  readonly #sources: MatchSources;

  constructor(sources: MatchSources) {
    this.#sources = sources;
  }

  /** The 20 best of the user's 100 candidates; embeds the resume and all of them in one batch. */
  async topMatches(userId: number): Promise<readonly MatchScore[] | undefined> {
    const profile = await this.#profileOf(userId);
    if (profile === undefined) return undefined;
    const { resume, preferences } = profile;
    const candidates = selectCandidates(await this.#sources.allJobs(), resume, preferences);
    return bestMatches(await this.#score(profile, candidates));
  }

  /** How well one job fits one user. */
  async matchScore(userId: number, jobId: number): Promise<MatchScore | undefined> {
    const [score] = await this.matchScores([[userId, jobId]]);
    return score;
  }

  /** How well jobs fit users, in the order of the keys; embeds all jobs of a user in one batch. */
  async matchScores(keys: readonly ScoreKey[]): Promise<(MatchScore | undefined)[]> {
    const users = [...new Set(keys.map(([userId]) => userId))];
    const scores = await Promise.all(users.map((userId) => this.#scoresOf(userId, keys)));
    const byUser = new Map(users.map((userId, index) => [userId, scores[index]]));
    return keys.map(([userId, jobId]) => byUser.get(userId)?.get(jobId));
  }

  /** How alike a user's resume and a job are by their texts alone: 1 for the same, about 0 for unrelated ones. */
  async compatibility(userId: number, jobId: number): Promise<number | undefined> {
    const [resume, [job]] = await Promise.all([this.#sources.resume(userId), this.#sources.jobs([jobId])]);
    if (resume === undefined || job === undefined) return undefined;
    const [one, other] = await this.#sources.vectors([resume.text, jobText(job)]);
    return one && other && cosineSimilarity(one, other);
  }

  /** The user's scores by job, of the jobs that the keys name with him. */
  async #scoresOf(userId: number, keys: readonly ScoreKey[]): Promise<ReadonlyMap<number, MatchScore>> {
    const jobIds = [...new Set(keys.filter(([of]) => of === userId).map(([, jobId]) => jobId))];
    const [profile, jobs] = await Promise.all([this.#profileOf(userId), this.#sources.jobs(jobIds)]);
    const found = jobs.filter((job) => job !== undefined);
    if (profile === undefined || found.length === 0) return new Map();
    return new Map((await this.#score(profile, found)).map((score) => [score.jobId, score]));
  }

  async #profileOf(userId: number): Promise<Profile | undefined> {
    const [resume, preferences] = await Promise.all([this.#sources.resume(userId), this.#sources.preferences(userId)]);
    return resume === undefined || preferences === undefined ? undefined : { resume, preferences };
  }

  async #score(profile: Profile, jobs: readonly Job[]): Promise<MatchScore[]> {
    const texts = [profile.resume.text, ...jobs.map(jobText)];
    const [resumeVector, ...jobVectors] = await this.#sources.vectors(texts);
    return jobs.flatMap((job, index) => {
      const jobVector = jobVectors[index];
      if (resumeVector === undefined || jobVector === undefined) return [];
      return scoreMatch({ ...profile, resumeVector, job, jobVector });
    });
  }
}

interface Profile {
  readonly resume: Resume;
  readonly preferences: Preferences;
}
