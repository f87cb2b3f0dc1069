import { z } from "zod";
import type { Category } from "../origin/category.ts";
import { categories } from "../origin/category.ts";
import { seniorities } from "../origin/job.ts";
import { remoteWishes } from "../origin/preferences.ts";
import { type NamespaceName, namespaceNames } from "../service/namespaces/lifetimes.ts";

const id = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const bodyId = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const name = z.string().trim().min(1).max(80);
const text = z.string().min(1).max(20_000);
const page = z.int().min(1).max(10_000);
const category = z.enum(categories as [Category, ...Category[]]);
const salary = z.number().min(0).max(1_000_000);

/** The query of the feed: a filter and a page, counted from 1. */
export const feedQuery = z
  .strictObject({
    category,
    city: z.string().min(1).max(80),
    remote: z.enum(["true", "false"]).transform((value) => value === "true"),
    seniority: z.enum(seniorities),
    skill: z.string().min(1).max(80),
    minimumSalaryEurPerYear: z.coerce.number().int().min(0).max(1_000_000),
    page: z.coerce.number().int().min(1).max(10_000),
  })
  .partial();

export const jobPath = z.object({ jobId: id });
export const userPath = z.object({ userId: id });
export const companyPath = z.object({ companyId: id });

/** The path of a user's score for a job. */
export const scorePath = z.object({ userId: id, jobId: id });

export const embeddingBody = z.strictObject({ texts: z.array(text).min(1).max(256) });
export const textBody = z.strictObject({ text });
export const domainQuery = z.strictObject({ query: z.string().trim().min(1).max(200) });

/** The body of a request for many scores. */
export const batchBody = z.strictObject({ jobIds: z.array(bodyId).min(1).max(200) });

export const userBody = z.strictObject({ name });

export const preferencesBody = z.strictObject({
  categories: z.array(category).max(categories.length),
  cities: z.array(name).max(20),
  remote: z.enum(remoteWishes),
  minimumSalaryEurPerYear: salary,
});

export const resumeBody = z.strictObject({
  city: name,
  yearsOfExperience: z.int().min(0).max(80),
  skills: z.array(name).max(50),
  text,
});

const namespaceName = z.enum(namespaceNames as [NamespaceName, ...NamespaceName[]]);

/** The path of a namespace. */
export const namespacePath = z.object({ namespace: namespaceName });

export const tagsBody = z.strictObject({ tags: z.array(z.string().min(1).max(128)).min(1).max(1_000) });

/** How much a run of the job feed is to change. */
export const ingestionBody = z
  .strictObject({ added: z.int().min(0).max(500), changed: z.int().min(0).max(500), removed: z.int().min(0).max(500) })
  .partial();

/** For whom scores are computed beforehand. */
export const warmingBody = z.strictObject({
  userIds: z.array(bodyId).min(1).max(1_000),
  jobs: z.int().min(1).max(100).default(100),
  concurrency: z.int().min(1).max(32).default(8),
});

const filterBody = z
  .strictObject({
    category,
    city: name,
    remote: z.boolean(),
    seniority: z.enum(seniorities),
    skill: name,
    minimumSalaryEurPerYear: salary,
  })
  .partial();

/** Which value is to be explained. */
export const explanationBody = z.discriminatedUnion("namespace", [
  z.strictObject({ namespace: z.enum(["popular", "stats", "config"]) }),
  z.strictObject({ namespace: z.literal("jobs"), filter: filterBody, page }),
  z.strictObject({ namespace: z.literal("job"), jobId: bodyId }),
  z.strictObject({ namespace: z.literal("company"), companyId: bodyId }),
  z.strictObject({ namespace: z.enum(["resume", "ijp", "user", "user-data", "matches"]), userId: bodyId }),
  z.strictObject({ namespace: z.enum(["match", "compat", "eval", "tailor"]), userId: bodyId, jobId: bodyId }),
  z.strictObject({
    namespace: z.enum(["embed", "parsed-ad", "parsed-cv", "industries", "role-category", "domains"]),
    text,
  }),
]);
