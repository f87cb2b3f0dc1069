import type { Category } from "./category.ts";
import type { Job, Seniority } from "./job.ts";

/** What a feed is narrowed down to. An absent field does not narrow; all given ones must hold. */
export interface JobFilter {
  readonly category?: Category | undefined;
  /** A city's name, whatever the letters' case. */
  readonly city?: string | undefined;
  /** `true` for remote jobs only, `false` for those on site only. */
  readonly remote?: boolean | undefined;
  readonly seniority?: Seniority | undefined;
  /** One skill the job must name, whatever the letters' case. */
  readonly skill?: string | undefined;
  /** Gross euros a year the upper end of the salary must reach; 0 or less does not narrow. */
  readonly minimumSalaryEurPerYear?: number | undefined;
}

/**
 * The filter as text that is equal for filters that select the same jobs by the same fields: fields in one order,
 * letters in one case, nothing for what does not narrow. `all` for an empty filter. Values are percent-encoded, so
 * the text never contains `:` and can stand inside a cache key.
 */
export function feedFilterKey(filter: JobFilter): string {
  const fields: readonly (readonly [name: string, value: string | number | boolean | undefined])[] = [
    ["category", filter.category],
    ["city", normalise(filter.city)],
    ["remote", filter.remote],
    ["salary", minimumSalary(filter)],
    ["seniority", filter.seniority],
    ["skill", normalise(filter.skill)],
  ];
  const given = fields.filter(([, value]) => value !== undefined);
  if (given.length === 0) return "all";
  return given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&");
}

/** Whether the job is among those the filter selects. */
export function matchesFilter(job: Job, filter: JobFilter): boolean {
  if (filter.category !== undefined && job.category !== filter.category) return false;
  if (filter.remote !== undefined && job.remote !== filter.remote) return false;
  if (filter.seniority !== undefined && job.seniority !== filter.seniority) return false;
  const city = normalise(filter.city);
  if (city !== undefined && job.city.toLowerCase() !== city) return false;
  const skill = normalise(filter.skill);
  if (skill !== undefined && !job.skills.some((name) => name.toLowerCase() === skill)) return false;
  return job.salaryToEurPerYear >= (minimumSalary(filter) ?? 0);
}

function normalise(name: string | undefined): string | undefined {
  const trimmed = name?.trim().toLowerCase();
  return trimmed === "" ? undefined : trimmed;
}

function minimumSalary(filter: JobFilter): number | undefined {
  const amount = filter.minimumSalaryEurPerYear;
  return amount !== undefined && amount > 0 ? amount : undefined;
}
