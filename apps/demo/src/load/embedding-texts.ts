import type { Job } from "../origin/job.ts";
import { jobText } from "../origin/job.ts";
import type { Resume } from "../origin/resume.ts";
import type { EmbeddingRequest } from "./request-sequence.ts";

/** Everything an ingestion has brought in: what embedding requests take their texts from. */
export interface Corpus {
  readonly jobs: readonly Job[];
  readonly resumes: readonly Resume[];
}

/** Looks the texts of embedding requests up in a corpus held in memory, so that only the embedding is measured. */
export class EmbeddingTexts {
  readonly #jobTexts: ReadonlyMap<number, string>;
  readonly #resumeTexts: ReadonlyMap<number, string>;

  /** Keeps every text of the corpus alive. */
  constructor(corpus: Corpus) {
    this.#jobTexts = new Map(corpus.jobs.map((job) => [job.id, jobText(job)]));
    this.#resumeTexts = new Map(corpus.resumes.map((resume) => [resume.userId, resume.text]));
  }

  /** Every text once: what an ingestion embeds before the first request comes. */
  all(): string[] {
    return [...this.#jobTexts.values(), ...this.#resumeTexts.values()];
  }

  /**
   * The texts a request embeds in one batch: the resume's, then the jobs' in the request's order.
   *
   * @throws RangeError for a user or job the corpus does not have
   */
  of(request: EmbeddingRequest): string[] {
    const resume = found(this.#resumeTexts.get(request.userId), `resume of user ${request.userId}`);
    const edited = request.resumeEdits === 0 ? resume : `${resume} Edited ${request.resumeEdits} times.`;
    return [edited, ...request.jobIds.map((id) => found(this.#jobTexts.get(id), `job ${id}`))];
  }
}

function found(text: string | undefined, what: string): string {
  if (text === undefined) throw new RangeError(`The corpus has no ${what}`);
  return text;
}
