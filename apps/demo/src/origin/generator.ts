import { generateCompanies } from "./company.ts";
import type { Job } from "./job.ts";
import { generatedUntilMs, generateJob } from "./job.ts";
import { generatePreferences } from "./preferences.ts";
import { generateResume } from "./resume.ts";
import { generateUser } from "./user.ts";
import type { UserRecord } from "./user-database-file.ts";

/**
 * Raised whenever the generator, its words or a file's layout changes, so that data of an older version is made anew.
 */
export const generatorVersion = 2;

/** Which data to generate. Equal options give identical data. */
export interface GeneratorOptions {
  /** A whole number; `@defaultValue` 1 */
  readonly seed?: number | undefined;
  /** At least 1; `@defaultValue` 5_000 */
  readonly jobCount?: number | undefined;
  /** At least 1; `@defaultValue` 1_000 */
  readonly userCount?: number | undefined;
}

/** {@link GeneratorOptions} with every default filled in. */
export type ResolvedGeneratorOptions = { readonly [Name in keyof GeneratorOptions]-?: number };

/** The companies that jobs are at have the ids 1 to this. */
export const companyCount = 250;

/**
 * Fills in the defaults.
 *
 * @throws RangeError naming the option that is not a whole number in its range
 */
export function resolveGeneratorOptions(options: GeneratorOptions = {}): ResolvedGeneratorOptions {
  return {
    seed: whole("seed", options.seed ?? 1, Number.MIN_SAFE_INTEGER),
    jobCount: whole("jobCount", options.jobCount ?? 5_000, 1),
    userCount: whole("userCount", options.userCount ?? 1_000, 1),
  };
}

/** The jobs with the ids 1 to `jobCount`, one after the other. */
export function* generateJobs(options: GeneratorOptions = {}): Generator<Job, void> {
  const { seed, jobCount } = resolveGeneratorOptions(options);
  const companies = generateCompanies(seed, companyCount);
  for (let id = 1; id <= jobCount; id += 1) yield generateJob(seed, id, companies);
}

/** The users with the ids 1 to `userCount`, one after the other, each logged in and with resume and preferences. */
export function* generateUsers(options: GeneratorOptions = {}): Generator<UserRecord, void> {
  const { seed, userCount } = resolveGeneratorOptions(options);
  for (let id = 1; id <= userCount; id += 1) {
    yield {
      user: generateUser(seed, id),
      resume: generateResume(seed, id),
      preferences: generatePreferences(seed, id),
      session: { userId: id, sessionId: `session-${seed}-${id}`, startedAtMs: generatedUntilMs },
    };
  }
}

function whole(name: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new RangeError(`${name} must be a whole number of at least ${minimum}, not ${value}`);
}
