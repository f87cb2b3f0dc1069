import { z } from "zod";
import type { Category } from "./category.ts";
import { categories } from "./category.ts";
import type { Configuration } from "./configuration.ts";
import { configurationSchema } from "./configuration.ts";
import type { Preferences } from "./preferences.ts";
import { remoteWishes } from "./preferences.ts";
import type { Resume } from "./resume.ts";
import type { Session } from "./session.ts";
import type { User } from "./user.ts";

const userSchema = z.object({ id: z.int(), name: z.string(), email: z.string() });

const resumeSchema = z.object({
  user_id: z.int(),
  version: z.int(),
  city: z.string(),
  years: z.int(),
  skills: z.string(),
  text: z.string(),
});

const preferencesSchema = z.object({
  user_id: z.int(),
  categories: z.string(),
  cities: z.string(),
  remote: z.enum(remoteWishes),
  minimum_salary: z.number(),
});

const sessionSchema = z.object({ user_id: z.int(), session_id: z.string(), started_at: z.int() });
const configurationRowSchema = z.object({ value: z.string() });

const textList = z.array(z.string());
const categoryList = z.array(z.enum(categories as [Category, ...Category[]]));

/**
 * A row of the table `users` as a user.
 *
 * @throws ZodError when a column is missing or holds something else
 */
export function userFromRow(row: Record<string, unknown>): User {
  return userSchema.parse(row);
}

/**
 * A row of the table `resumes` as a resume.
 *
 * @throws ZodError when a column is missing or holds something else
 */
export function resumeFromRow(row: Record<string, unknown>): Resume {
  const values = resumeSchema.parse(row);
  return {
    userId: values.user_id,
    version: values.version,
    city: values.city,
    yearsOfExperience: values.years,
    skills: textList.parse(JSON.parse(values.skills)),
    text: values.text,
  };
}

/**
 * A row of the table `preferences` as preferences.
 *
 * @throws ZodError when a column is missing or holds something else
 */
export function preferencesFromRow(row: Record<string, unknown>): Preferences {
  const values = preferencesSchema.parse(row);
  return {
    userId: values.user_id,
    categories: categoryList.parse(JSON.parse(values.categories)),
    cities: textList.parse(JSON.parse(values.cities)),
    remote: values.remote,
    minimumSalaryEurPerYear: values.minimum_salary,
  };
}

/**
 * A row of the table `sessions` as a session.
 *
 * @throws ZodError when a column is missing or holds something else
 */
export function sessionFromRow(row: Record<string, unknown>): Session {
  const values = sessionSchema.parse(row);
  return { userId: values.user_id, sessionId: values.session_id, startedAtMs: values.started_at };
}

/**
 * The row of the table `configuration` as a configuration.
 *
 * @throws ZodError when a column is missing or holds something else
 */
export function configurationFromRow(row: Record<string, unknown>): Configuration {
  return configurationSchema.parse(JSON.parse(configurationRowSchema.parse(row).value));
}
