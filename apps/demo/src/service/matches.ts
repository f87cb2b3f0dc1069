import type { Reading } from "@tiercache/core";
import type { MatchScore } from "../origin/match-scoring.ts";
import type { Namespaces } from "./namespaces.ts";
import type { Wish } from "./wish.ts";

/** What fits whom. */
export class Matches {
  readonly #namespaces: Namespaces;

  constructor(namespaces: Namespaces) {
    this.#namespaces = namespaces;
  }

  /** A user's 20 best matches, best first; of `undefined` for a user who does not exist. */
  async top(userId: number, wish?: Wish): Promise<Reading<readonly MatchScore[] | undefined>> {
    const reading = await this.#namespaces.tops.read(userId, wish);
    const { value: list, source } = reading;
    if (source === "loader" && list !== undefined) void this.#keepScores(userId, list).catch(() => {});
    return reading;
  }

  /** How well a job fits a user; of `undefined` where there is no such user or job. */
  score(userId: number, jobId: number, wish?: Wish): Promise<Reading<MatchScore | undefined>> {
    return this.#namespaces.scores.read([userId, jobId], wish);
  }

  /** How well jobs fit a user, in their order. */
  scores(userId: number, jobIds: readonly number[]): Promise<readonly (MatchScore | undefined)[]> {
    return this.#namespaces.scores.getMany(jobIds.map((jobId) => [userId, jobId]));
  }

  /** How alike a user's resume and a job are by their texts alone, -1 to 1. */
  compatibility(userId: number, jobId: number, wish?: Wish): Promise<Reading<number | undefined>> {
    return this.#namespaces.compatibilities.read([userId, jobId], wish);
  }

  /** The vectors of texts, in their order. */
  embeddings(texts: readonly string[]): Promise<readonly Float32Array[]> {
    return this.#namespaces.embeddings.getMany(texts);
  }

  /** Whoever opens a list opens scores from it next: they are computed already, so they are kept too. */
  async #keepScores(userId: number, list: readonly MatchScore[]): Promise<void> {
    const { scores, tops } = this.#namespaces;
    await scores.setMany(list.map((score) => [[userId, score.jobId], score]));
    // What has ended the list in the meantime had ended these scores before they were set. Asked in a way that counts as no read.
    const { answeredBy } = await tops.explain(userId);
    if (answeredBy === "loader") await scores.deleteMany(list.map(({ jobId }) => [userId, jobId]));
  }
}
