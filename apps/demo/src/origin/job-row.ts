import type { ParquetRow } from "hyparquet";
import type { BasicType, ColumnSource } from "hyparquet-writer";
import { z } from "zod";
import type { Category } from "./category.ts";
import { categories } from "./category.ts";
import type { Job } from "./job.ts";
import { seniorities } from "./job.ts";

// Skills share one string column, which is simpler to read than a nested list; no skill contains the separator.
const skillSeparator = "|";

const rowSchema = z.object({
  id: z.int(),
  title: z.string(),
  company_id: z.int(),
  company_name: z.string(),
  city: z.string(),
  country: z.string(),
  remote: z.boolean(),
  salary_from: z.int(),
  salary_to: z.int(),
  seniority: z.enum(seniorities),
  category: z.enum(categories as [Category, ...Category[]]),
  skills: z.string(),
  description: z.string(),
  posted_at: z.date(),
  view_count: z.int(),
});

const columns: readonly (readonly [name: string, type: BasicType, valueOf: (job: Job) => unknown])[] = [
  ["id", "INT32", (job) => job.id],
  ["title", "STRING", (job) => job.title],
  ["company_id", "INT32", (job) => job.companyId],
  ["company_name", "STRING", (job) => job.companyName],
  ["city", "STRING", (job) => job.city],
  ["country", "STRING", (job) => job.country],
  ["remote", "BOOLEAN", (job) => job.remote],
  ["salary_from", "INT32", (job) => job.salaryFromEurPerYear],
  ["salary_to", "INT32", (job) => job.salaryToEurPerYear],
  ["seniority", "STRING", (job) => job.seniority],
  ["category", "STRING", (job) => job.category],
  ["skills", "STRING", (job) => job.skills.join(skillSeparator)],
  ["description", "STRING", (job) => job.description],
  ["posted_at", "TIMESTAMP", (job) => new Date(job.postedAtMs)],
  ["view_count", "INT32", (job) => job.viewCount],
];

/** The jobs as columns of a Parquet file, in the order given. */
export function jobColumns(jobs: readonly Job[]): ColumnSource[] {
  return columns.map(([name, type, valueOf]) => ({ name, type, data: jobs.map(valueOf), nullable: false }));
}

/**
 * One row of the Parquet file as a job.
 *
 * @throws ZodError when a column is missing or holds something else
 */
export function jobFromRow(row: ParquetRow): Job {
  const values = rowSchema.parse(row);
  return {
    id: values.id,
    title: values.title,
    companyId: values.company_id,
    companyName: values.company_name,
    city: values.city,
    country: values.country,
    remote: values.remote,
    salaryFromEurPerYear: values.salary_from,
    salaryToEurPerYear: values.salary_to,
    seniority: values.seniority,
    category: values.category,
    skills: values.skills === "" ? [] : values.skills.split(skillSeparator),
    description: values.description,
    postedAtMs: values.posted_at.getTime(),
    viewCount: values.view_count,
  };
}
