import { createHash } from "node:crypto";
import {
  type Cache,
  days,
  hours,
  type LoadingNamespace,
  minutes,
  type Namespace,
  type Serializer,
} from "@tiercache/core";
import type { Job } from "../origin/job.ts";
import { feedFilterKey, type JobFilter } from "../origin/job-filter.ts";
import type { FeedPage } from "../origin/job-table.ts";
import type { MatchScore } from "../origin/match-scoring.ts";
import type { Preferences } from "../origin/preferences.ts";
import type { Resume } from "../origin/resume.ts";
import { MatchDesk } from "./match-desk.ts";
import type { Origins } from "./origins.ts";

/** Everything the service caches, one declaration a key family. */
export interface Namespaces {
  readonly feed: LoadingNamespace<[filter: JobFilter, page: number], FeedPage>;
  readonly jobs: LoadingNamespace<[id: number], Job | undefined>;
  readonly resumes: LoadingNamespace<[userId: number], Resume | undefined>;
  readonly preferences: LoadingNamespace<[userId: number], Preferences | undefined>;
  readonly embeddings: LoadingNamespace<[text: string], Float32Array>;
  readonly scores: LoadingNamespace<[userId: number, jobId: number], MatchScore | undefined>;
  readonly tops: LoadingNamespace<[userId: number], readonly MatchScore[] | undefined>;
}

/** What the key families need besides the origins. */
export interface NamespaceSettings {
  /** The embedding model: vectors of different models are never mixed. */
  readonly model: string;
  /** Turns what belongs to a person into bytes. */
  readonly personal: Serializer;
}

/** Declares the key families over a cache. */
export function declareNamespaces(cache: Cache, origins: Origins, { model, personal }: NamespaceSettings): Namespaces {
  const sources = { ...jobFamilies(cache, origins), ...profileFamilies(cache, origins, personal) };
  const embeddings = embeddingFamily(cache, origins, model);
  const desk = new MatchDesk({
    allJobs: () => origins.jobs.listAll(),
    job: (id) => sources.jobs.get(id),
    resume: (userId) => sources.resumes.get(userId),
    preferences: (userId) => sources.preferences.get(userId),
    vectors: (texts) => embeddings.getMany(texts),
  });
  return { ...sources, embeddings, ...matchFamilies(cache, desk) };
}

function jobFamilies(cache: Cache, { jobs }: Origins): Pick<Namespaces, "feed" | "jobs"> {
  return {
    // jobs:{filter}:{page}
    feed: cache.namespace("jobs", {
      key: (filter: JobFilter, page: number) => [feedFilterKey(filter), page],
      load: (filter, page) => jobs.feedPage(filter, page),
      ttlMs: minutes(5),
    }),
    // job:{id}
    jobs: cache.namespace("job", {
      key: (id: number) => [id],
      load: (id) => jobs.job(id),
      loadMany: (keys) => jobs.jobs(keys.map(([id]) => id)),
      ttlMs: hours(1),
    }),
  };
}

function profileFamilies(
  cache: Cache,
  { users }: Origins,
  serializer: Serializer,
): Pick<Namespaces, "resumes" | "preferences"> {
  return {
    // resume:{userId}:master
    resumes: cache.namespace("resume", {
      key: (userId: number) => [userId, "master"],
      load: (userId) => users.resume(userId),
      ttlMs: hours(1),
      serializer,
    }),
    // ijp:{userId}
    preferences: cache.namespace("ijp", {
      key: (userId: number) => [userId],
      load: (userId) => users.preferences(userId),
      ttlMs: hours(1),
      target: { hitRate: 0.95 },
      serializer,
    }),
  };
}

function embeddingFamily(cache: Cache, origins: Origins, model: string): Namespaces["embeddings"] {
  // embed:{model}:{sha256(text)}
  return cache.namespace("embed", {
    key: (text: string) => [model, createHash("sha256").update(text).digest("hex")],
    loadMany: (keys, { signal }): Promise<Float32Array[]> => {
      const texts = keys.map(([text]) => text);
      return origins.embeddings.embed(texts, signal);
    },
    ttlMs: days(7),
    target: { hitRate: 0.85 },
  });
}

function matchFamilies(cache: Cache, desk: MatchDesk): Pick<Namespaces, "scores" | "tops"> {
  // match:{userId}:{jobId}
  const scores = cache.namespace("match", {
    key: (userId: number, jobId: number) => [userId, jobId],
    load: (userId, jobId) => desk.matchScore(userId, jobId),
    ttlMs: hours(24),
    target: { hitRate: 0.8 },
  });
  // matches:{userId}:top
  const tops = cache.namespace("matches", {
    key: (userId: number) => [userId, "top"],
    load: (userId) => listWithScores(userId, desk, scores),
    ttlMs: hours(1),
  });
  return { scores, tops };
}

/** Whoever opens a list opens scores from it next: they are computed already, so they are kept too. */
async function listWithScores(
  userId: number,
  desk: MatchDesk,
  scores: Namespace<[userId: number, jobId: number], MatchScore | undefined>,
): Promise<readonly MatchScore[] | undefined> {
  const list = await desk.topMatches(userId);
  // Not awaited: the reader has his list, and a score that could not be kept is computed again.
  void Promise.allSettled([scores.setMany((list ?? []).map((score) => [[userId, score.jobId], score]))]);
  return list;
}
