import { z } from "zod";
import { categories } from "../origin/category.ts";
import { seniorities } from "../origin/job.ts";

const id = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** The query of the feed: a filter and a page, counted from 1. */
export const feedQuery = z
  .strictObject({
    category: z.enum(categories as [string, ...string[]]),
    city: z.string().min(1).max(80),
    remote: z.enum(["true", "false"]).transform((text) => text === "true"),
    seniority: z.enum(seniorities),
    skill: z.string().min(1).max(80),
    minimumSalaryEurPerYear: z.coerce.number().int().min(0).max(1_000_000),
    page: z.coerce.number().int().min(1).max(10_000),
  })
  .partial();

/** The path of a job. */
export const jobPath = z.object({ jobId: id });

/** The path of a user. */
export const userPath = z.object({ userId: id });

/** The path of a user's score for a job. */
export const scorePath = z.object({ userId: id, jobId: id });

/** The body of an embedding request. */
export const embeddingBody = z.strictObject({ texts: z.array(z.string().min(1).max(20_000)).min(1).max(256) });
