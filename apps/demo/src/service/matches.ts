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
  top(userId: number, wish?: Wish): Promise<Reading<readonly MatchScore[] | undefined>> {
    return this.#namespaces.tops.read(userId, wish);
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
}
