import { type Job, jobText } from "../origin/job.ts";
import { selectCandidates } from "../origin/match-candidates.ts";
import { bestMatches, type MatchScore, scoreMatch } from "../origin/match-scoring.ts";
import type { Preferences } from "../origin/preferences.ts";
import type { Resume } from "../origin/resume.ts";

/** Where a match gets what it is computed from: straight from the origins, or through a cache in front of them. */
export interface MatchSources {
  allJobs(): Promise<readonly Job[]>;
  job(id: number): Promise<Job | undefined>;
  resume(userId: number): Promise<Resume | undefined>;
  preferences(userId: number): Promise<Preferences | undefined>;
  /** Vectors of texts, in their order. */
  vectors(texts: readonly string[]): Promise<readonly Float32Array[]>;
}

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
    const [profile, job] = await Promise.all([this.#profileOf(userId), this.#sources.job(jobId)]);
    if (profile === undefined || job === undefined) return undefined;
    const [score] = await this.#score(profile, [job]);
    return score;
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
