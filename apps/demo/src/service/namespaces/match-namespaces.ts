import { createHash } from "node:crypto";
import type { Cache, LoadingNamespace } from "@tiercache/core";
import type { MatchScore } from "../../origin/match-scoring.ts";
import type { MatchDesk } from "../match-desk.ts";
import type { Origins } from "../origins.ts";
import { tags } from "../tags.ts";
import type { TtlOf } from "./lifetimes.ts";

/** What fits whom, and how well. */
export interface MatchNamespaces {
  readonly scores: LoadingNamespace<[userId: number, jobId: number], MatchScore | undefined>;
  readonly tops: LoadingNamespace<[userId: number], readonly MatchScore[] | undefined>;
  readonly compatibilities: LoadingNamespace<[profileId: number, projectId: number], number | undefined>;
}

/** Vectors of texts. */
export type Embeddings = LoadingNamespace<[text: string], Float32Array>;

/** Declares {@link Embeddings}. Vectors of different models are never mixed. */
export function embeddingNamespace(cache: Cache, { embeddings }: Origins, ttlOf: TtlOf): Embeddings {
  // embed:{model}:{sha256(text)}; another text is another key
  return cache.namespace("embed", {
    key: (text: string) => [embeddings.model, createHash("sha256").update(text).digest("hex")],
    loadMany: (keys, { signal }): Promise<Float32Array[]> => {
      const texts = keys.map(([text]) => text);
      return embeddings.embed(texts, signal);
    },
    ttlMs: ttlOf("embed"),
    target: { hitRate: 0.85 },
  });
}

/** Declares what is computed from vectors. */
export function matchNamespaces(cache: Cache, desk: MatchDesk, ttlOf: TtlOf): MatchNamespaces {
  // match:{userId}:{jobId}
  const scores: MatchNamespaces["scores"] = cache.namespace("match", {
    key: (userId: number, jobId: number) => [userId, jobId],
    tags: (userId, jobId) => [tags.matches(userId), tags.job(jobId)],
    load: (userId, jobId) => desk.matchScore(userId, jobId),
    loadMany: (keys) => desk.matchScores(keys),
    ttlMs: ttlOf("match"),
    target: { hitRate: 0.8 },
  });
  return {
    scores,
    // matches:{userId}:top
    tops: cache.namespace("matches", {
      key: (userId: number) => [userId, "top"],
      tags: (userId) => [tags.matches(userId), tags.matchLists],
      load: async (userId, { keepAlso }) => {
        const list = await desk.topMatches(userId);
        // Whoever opens a list opens scores from it next, and they are computed.
        for (const score of list ?? []) keepAlso(scores, [userId, score.jobId], score);
        return list;
      },
      ttlMs: ttlOf("matches"),
    }),
    // compat:{profileId}:{projectId}
    compatibilities: cache.namespace("compat", {
      key: (profileId: number, projectId: number) => [profileId, projectId],
      tags: (profileId, projectId) => [tags.resume(profileId), tags.jobText(projectId)],
      load: (profileId, projectId) => desk.compatibility(profileId, projectId),
      ttlMs: ttlOf("compat"),
    }),
  };
}
