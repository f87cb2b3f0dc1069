import { z } from "zod";
import type { Category } from "./category.ts";
import { categories } from "./category.ts";
import type { Seniority } from "./job.ts";
import { seniorities } from "./job.ts";

/** Something that a language model is asked for: always an object that a schema describes. */
export interface LanguageTask<V> {
  /** As the provider is told it. */
  readonly name: string;
  /** What the model is to do with what it is given. */
  readonly instructions: string;
  /** What is asked for, what is accepted as an answer, and what is accepted from the cache. */
  readonly schema: z.ZodType<V>;
}

const line = z.string().max(2_000);
const lines = z.array(line).max(50);

/** What a model makes of a resume and a job. */
export const evaluationSchema = z.strictObject({
  verdict: z.enum(["strong", "possible", "weak"]),
  /** 0 to 100. */
  score: z.number().min(0).max(100),
  strengths: lines,
  gaps: lines,
  advice: line,
});

/** A resume, written anew for one job. */
export const tailoredResumeSchema = z.strictObject({ headline: line, text: z.string().max(20_000), skills: lines });

/** What a job ad says. */
export const parsedAdSchema = z.strictObject({
  title: line,
  skills: lines,
  city: line.nullable(),
  isRemote: z.boolean(),
  seniority: z.enum(seniorities as readonly [Seniority, ...Seniority[]]).nullable(),
});

/** What a CV says. */
export const parsedCvSchema = z.strictObject({
  skills: lines,
  city: line.nullable(),
  yearsOfExperience: z.number().min(0).max(80).nullable(),
  summary: line,
});

/** What industries a text speaks of. */
export const industriesSchema = z.strictObject({ industries: lines });

/** The field of work that a text is about. */
export const roleCategorySchema = z.strictObject({ category: z.enum(categories as [Category, ...Category[]]) });

/** Fields somebody may look for work in. */
export const domainsSchema = z.strictObject({ domains: z.array(z.strictObject({ name: line, reason: line })).max(20) });

export type Evaluation = z.infer<typeof evaluationSchema>;
export type TailoredResume = z.infer<typeof tailoredResumeSchema>;
export type ParsedAd = z.infer<typeof parsedAdSchema>;
export type ParsedCv = z.infer<typeof parsedCvSchema>;
export type Industries = z.infer<typeof industriesSchema>;
export type RoleCategory = z.infer<typeof roleCategorySchema>;
export type Domains = z.infer<typeof domainsSchema>;

/** Everything that the demo asks a language model for. */
export const languageTasks = {
  evaluation: {
    name: "evaluation",
    instructions: "You are given a job and a resume as JSON. Judge how well the person fits the job; be concrete.",
    schema: evaluationSchema,
  },
  tailoredResume: {
    name: "tailored_resume",
    instructions: "You are given a job and a resume as JSON. Write the resume anew for this job. Invent nothing.",
    schema: tailoredResumeSchema,
  },
  parsedAd: {
    name: "parsed_ad",
    instructions: "You are given the text of a job ad as JSON. Say what it says; null for what it does not say.",
    schema: parsedAdSchema,
  },
  parsedCv: {
    name: "parsed_cv",
    instructions: "You are given the text of a CV as JSON. Say what it says; null for what it does not say.",
    schema: parsedCvSchema,
  },
  industries: {
    name: "industries",
    instructions: "You are given a text as JSON. Name the industries it speaks of, the most prominent first.",
    schema: industriesSchema,
  },
  roleCategory: {
    name: "role_category",
    instructions: "You are given a text as JSON. Name the field of work it is about.",
    schema: roleCategorySchema,
  },
  domains: {
    name: "domains",
    instructions: "You are given what somebody looks for as JSON. Suggest fields to look in, the best first.",
    schema: domainsSchema,
  },
} as const satisfies Readonly<Record<string, LanguageTask<unknown>>>;
