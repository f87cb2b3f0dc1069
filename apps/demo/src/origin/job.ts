import type { Category } from "./category.ts";
import { categories, describeDuties, vocabularyOf } from "./category.ts";
import type { Company } from "./company.ts";
import { places } from "./place.ts";
import { SeededRandom } from "./random.ts";

/** How much experience a job asks for, lowest first. */
export const seniorities = ["junior", "medium", "senior", "lead"] as const;

/** One of {@link seniorities}. */
export type Seniority = (typeof seniorities)[number];

/** A job advertisement, as one row of the job table. */
export interface Job {
  /** A whole number from 1; the table is sorted by it. */
  readonly id: number;
  readonly title: string;
  readonly companyId: number;
  readonly companyName: string;
  readonly city: string;
  readonly country: string;
  /** Whether it can be done from anywhere in its country. */
  readonly remote: boolean;
  /** Gross euros a year. */
  readonly salaryFromEurPerYear: number;
  /** Gross euros a year; at least the lower end. */
  readonly salaryToEurPerYear: number;
  readonly seniority: Seniority;
  readonly category: Category;
  /** Three to six skills of the category. */
  readonly skills: readonly string[];
  /** A few hundred characters of prose. */
  readonly description: string;
  /** Milliseconds since 1970. */
  readonly postedAtMs: number;
  /** How often it was opened so far: few jobs very often, most seldom. */
  readonly viewCount: number;
}

/** The instant the generated world ends at. Fixed, so that the data of a seed does not depend on today's date. */
export const generatedUntilMs: number = Date.UTC(2026, 0, 15);

const dayMs = 86_400_000;
const salaryFactor: Readonly<Record<Seniority, number>> = { junior: 0.7, medium: 1, senior: 1.25, lead: 1.5 };
const seniorityPhrase: Readonly<Record<Seniority, string>> = {
  junior: "A first job in the field is fine; a mentor stays at your side.",
  medium: "You bring three years of practice and work on your own where it helps.",
  senior: "You bring six years of practice and others come to you for advice.",
  lead: "You lead a team of five, hire for it and answer for what it delivers.",
};

/** Makes one job. Equal seed, id and companies give an equal job, whatever else is generated. */
export function generateJob(seed: number, id: number, companies: readonly Company[]): Job {
  const random = new SeededRandom(seed, `job/${id}`);
  const category = random.pick(categories);
  const vocabulary = vocabularyOf(category);
  const seniority = random.pick(seniorities);
  const company = random.pick(companies);
  // The smaller of two draws: cities at the head of the list get about twice as many jobs as those at its end.
  const place = places[Math.min(random.integer(0, 11), random.integer(0, 11))] ?? random.pick(places);
  const skills = random.sample(vocabulary.skills, random.integer(3, 6));
  const middleEur = vocabulary.typicalSalaryEurPerYear * salaryFactor[seniority] * (0.85 + random.next() * 0.3);
  const title = `${capitalise(seniority)} ${random.pick(vocabulary.roles)}`;
  return {
    id,
    title,
    companyId: company.id,
    companyName: company.name,
    city: place.city,
    country: place.country,
    remote: random.chance(0.35),
    salaryFromEurPerYear: roundToThousand(middleEur * 0.92),
    salaryToEurPerYear: roundToThousand(middleEur * 1.12),
    seniority,
    category,
    skills,
    description: describe(random, { category, seniority, skills, company, city: place.city }),
    postedAtMs: generatedUntilMs - random.integer(0, 60 * dayMs),
    viewCount: Math.floor(20 / (0.002 + random.next())),
  };
}

/** The text a job is embedded and compared by: title, skills and description, but not what is compared as numbers. */
export function jobText(job: Job): string {
  return `${job.title}. Skills: ${job.skills.join(", ")}. ${job.description}`;
}

interface DescriptionParts {
  readonly category: Category;
  readonly seniority: Seniority;
  readonly skills: readonly string[];
  readonly company: Company;
  readonly city: string;
}

function describe(random: SeededRandom, parts: DescriptionParts): string {
  const duties = describeDuties(random, parts.category, { skills: parts.skills, count: random.integer(3, 5) });
  const sentences = duties.map((duty) => `You ${duty}.`);
  const offer = `${parts.company.name} hires for its team in ${parts.city}.`;
  return [offer, ...sentences, seniorityPhrase[parts.seniority]].join(" ");
}

function roundToThousand(amount: number): number {
  return Math.round(amount / 1_000) * 1_000;
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
