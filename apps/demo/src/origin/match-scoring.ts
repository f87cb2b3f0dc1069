import { cosineSimilarity } from "./cosine-similarity.ts";
import type { Job } from "./job.ts";
import { countryOf } from "./place.ts";
import type { Preferences } from "./preferences.ts";
import type { Resume } from "./resume.ts";

/** How well a job fits a user. */
export interface MatchScore {
  readonly userId: number;
  readonly jobId: number;
  /** 0 to 100, one decimal: the parts by their weights. */
  readonly score: number;
  /** Each 0 to 100, one decimal. */
  readonly parts: MatchParts;
  /** Of the job's skills, those the resume has, in the job's order. */
  readonly matchedSkills: readonly string[];
  /** Of the job's skills, those it has not. */
  readonly missingSkills: readonly string[];
}

/** The sides a match is judged from. */
export interface MatchParts {
  /** Likeness of the two texts. */
  readonly text: number;
  /** Share of the asked-for skills the user has. */
  readonly skills: number;
  /** Whether the user wants to work there. */
  readonly place: number;
  /** Whether it pays what the user wants. */
  readonly pay: number;
}

/** Everything a score depends on. */
export interface MatchInput {
  readonly resume: Resume;
  readonly preferences: Preferences;
  /** Of the resume's text, from the same model as the job's. */
  readonly resumeVector: Float32Array;
  readonly job: Job;
  /** Of `jobText(job)`. */
  readonly jobVector: Float32Array;
}

const weights: MatchParts = { text: 0.4, skills: 0.35, place: 0.15, pay: 0.1 };

/**
 * Scores one job for one user. Pure: the same input gives the same score.
 *
 * @throws RangeError when the vectors differ in dimensions
 */
export function scoreMatch(input: MatchInput): MatchScore {
  const { resume, preferences, job } = input;
  const matchedSkills = job.skills.filter((skill) => hasSkill(resume, skill));
  const parts: MatchParts = {
    text: percent(cosineSimilarity(input.resumeVector, input.jobVector)),
    skills: job.skills.length === 0 ? 100 : percent(matchedSkills.length / job.skills.length),
    place: percent(placeFit(job, preferences)),
    pay: percent(payFit(job, preferences.minimumSalaryEurPerYear)),
  };
  const sum =
    parts.text * weights.text + parts.skills * weights.skills + parts.place * weights.place + parts.pay * weights.pay;
  return {
    userId: resume.userId,
    jobId: job.id,
    score: percent(sum / 100),
    parts,
    matchedSkills,
    missingSkills: job.skills.filter((skill) => !matchedSkills.includes(skill)),
  };
}

/** The `count` best of the scores, best first; equal ones by job id. */
export function bestMatches(scores: readonly MatchScore[], count: number = 20): MatchScore[] {
  return scores.toSorted((one, other) => other.score - one.score || one.jobId - other.jobId).slice(0, count);
}

/** Whether the resume names the skill, whatever the letters' case. */
export function hasSkill(resume: Resume, skill: string): boolean {
  const wanted = skill.toLowerCase();
  return resume.skills.some((name) => name.toLowerCase() === wanted);
}

/** 1 where the user wants to work there, a half for another city of a wanted country, 0 where not. */
export function placeFit(job: Job, preferences: Preferences): number {
  if (preferences.remote === "only") return job.remote ? 1 : 0;
  if (job.remote && preferences.remote === "welcome") return 1;
  if (preferences.cities.length === 0) return 1;
  if (preferences.cities.some((city) => city.toLowerCase() === job.city.toLowerCase())) return 1;
  return preferences.cities.some((city) => countryOf(city) === job.country) ? 0.5 : 0;
}

/** 1 if even the lower end of the salary is enough, a half if only the upper end just is, falling to 0 at 70 % of it. */
export function payFit(job: Job, minimumEurPerYear: number): number {
  const { salaryFromEurPerYear: from, salaryToEurPerYear: to } = job;
  if (from >= minimumEurPerYear) return 1;
  if (to >= minimumEurPerYear) return 0.5 + (0.5 * (to - minimumEurPerYear)) / (to - from);
  return Math.max(0, 0.5 * ((to / minimumEurPerYear - 0.7) / 0.3));
}

function percent(share: number): number {
  return Math.round(Math.min(1, Math.max(0, share)) * 1_000) / 10;
}
