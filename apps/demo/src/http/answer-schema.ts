import { z } from "zod";
import { categories } from "../origin/category.ts";
import type { Job } from "../origin/job.ts";
import { seniorities } from "../origin/job.ts";
import type { FeedPage } from "../origin/job-table.ts";
import type { MatchScore } from "../origin/match-scoring.ts";
import type { Preferences } from "../origin/preferences.ts";
import type { Resume } from "../origin/resume.ts";
import type { Session } from "../origin/session.ts";
import type { User } from "../origin/user.ts";
import type { IngestionReport } from "../service/ingestion.ts";
import type { Statistics } from "../service/statistics.ts";
import type { WarmReport } from "../service/warm.ts";
import { preferencesBody, resumeBody } from "./request-schema.ts";

const category = z.enum(categories as [Job["category"], ...Job["category"][]]);
const share = z.number().min(0).max(100);

export const jobAnswer: z.ZodType<Job> = z.object({
  id: z.int(),
  title: z.string(),
  companyId: z.int(),
  companyName: z.string(),
  city: z.string(),
  country: z.string(),
  remote: z.boolean(),
  salaryFromEurPerYear: z.number(),
  salaryToEurPerYear: z.number(),
  seniority: z.enum(seniorities),
  category,
  skills: z.array(z.string()),
  description: z.string(),
  postedAtMs: z.number(),
  viewCount: z.int(),
});

export const jobsAnswer = z.array(jobAnswer);

export const feedAnswer: z.ZodType<FeedPage> = z.object({ page: z.int(), total: z.int(), jobs: jobsAnswer });

export const scoreAnswer: z.ZodType<MatchScore> = z.object({
  userId: z.int(),
  jobId: z.int(),
  score: share,
  parts: z.object({ text: share, skills: share, place: share, pay: share }),
  matchedSkills: z.array(z.string()),
  missingSkills: z.array(z.string()),
});

export const scoresAnswer = z.array(scoreAnswer);

/** One element a job asked for; `null` where there is no such job. */
export const batchAnswer = z.object({ scores: z.array(scoreAnswer.nullable()) });

export const compatibilityAnswer = z.object({ compatibility: z.number().min(-1).max(1) });

export const embeddingsAnswer = z.object({ embeddings: z.array(z.array(z.number())) });

export const userAnswer: z.ZodType<User> = z.object({ id: z.int(), name: z.string(), email: z.string() });

export const resumeAnswer: z.ZodType<Resume> = resumeBody.extend({ userId: z.int(), version: z.int() });

export const preferencesAnswer: z.ZodType<Preferences> = preferencesBody.extend({ userId: z.int() });

export const sessionAnswer: z.ZodType<Session> = z.object({
  userId: z.int(),
  sessionId: z.string(),
  startedAtMs: z.number(),
});

export const statisticsAnswer: z.ZodType<Statistics> = z.object({
  jobs: z.int(),
  jobsByCategory: z.record(z.string(), z.int()),
  companies: z.int(),
  users: z.int(),
  sessions: z.int(),
});

/** What a text is found to say. */
export function parsedAnswer(parsed: z.ZodType) {
  return z.object({ parsed, industries: z.array(z.string()), category });
}

export const writeAnswer = z.object({ status: z.enum(["done", "queued"]) });

const ids = z.array(z.int());

export const ingestionAnswer: z.ZodType<IngestionReport> = z.object({
  run: z.int(),
  added: z.int(),
  changed: z.int(),
  removed: z.int(),
  jobIds: z.object({ added: ids, changed: ids, removed: ids }),
  embedded: z.int(),
});

const warmAnswer: z.ZodType<WarmReport> = z.object({
  keys: z.int(),
  loaded: z.int(),
  fresh: z.int(),
  failed: z.int(),
  isAborted: z.boolean(),
});

/** By namespace. */
export const warmAnswers = z.record(z.string(), warmAnswer);

export const healthAnswer = z.looseObject({
  status: z.enum(["healthy", "degraded", "unhealthy"]),
  reasons: z.array(z.object({ reason: z.string(), tier: z.string().optional() })),
  tiers: z.array(z.looseObject({ tier: z.string(), breaker: z.string() })),
});

export const cacheStatisticsAnswer = z.looseObject({
  namespaces: z.record(z.string(), z.looseObject({})),
  tiers: z.record(z.string(), z.looseObject({})),
});

export const explanationAnswer = z.looseObject({ namespace: z.string(), key: z.string() });

export const aliveAnswer = z.object({ status: z.literal("alive") });

export const readinessAnswer = z.object({
  status: z.literal("ready"),
  /** How the cache is; the service is ready without it. */
  cache: healthAnswer.shape.status,
});
