import type { Category } from "./category.ts";
import { categories, vocabularyOf } from "./category.ts";
import type { Job, Seniority } from "./job.ts";
import { seniorities } from "./job.ts";
import type {
  Domains,
  Evaluation,
  Industries,
  languageTasks,
  ParsedAd,
  ParsedCv,
  RoleCategory,
  TailoredResume,
} from "./language-task.ts";
import { hasSkill } from "./match-scoring.ts";
import { places } from "./place.ts";
import type { Resume } from "./resume.ts";

/*
 * Answers to the demo's language tasks by looking for known words: the same for the same input on every machine. It stands in for a
 * paid model, so that the demo runs without a key.
 */

type TaskName = (typeof languageTasks)[keyof typeof languageTasks]["name"];

interface Fit {
  readonly job: Job;
  readonly resume: Resume;
}

const industryWords: Readonly<Record<string, readonly string[]>> = {
  "Financial services": ["finance", "payment", "ledger", "bank", "invoice"],
  Health: ["health", "clinic", "patient"],
  Energy: ["energy", "grid", "power"],
  Mobility: ["mobility", "vehicle", "fleet"],
  Media: ["media", "video", "newsroom"],
  Retail: ["retail", "shop", "checkout"],
  Software: ["software", "service", "api", "platform"],
};

const answers: Readonly<Record<TaskName, (input: never) => object>> = {
  evaluation: (input: Fit) => evaluate(input),
  tailored_resume: (input: Fit) => tailor(input),
  parsed_ad: ({ text }: { readonly text: string }) => parseAd(text),
  parsed_cv: ({ text }: { readonly text: string }) => parseCv(text),
  industries: ({ text }: { readonly text: string }) => industriesIn(text),
  role_category: ({ text }: { readonly text: string }) => categoryOf(text),
  domains: ({ query }: { readonly query: string }) => domainsFor(query),
};

/**
 * What the model says to a task.
 *
 * @throws Error for a task it does not know, or input that is none of the task's.
 */
export function answerLocally(task: string, input: object): object {
  if (!Object.hasOwn(answers, task)) throw new Error(`There is no task ${task}`);
  return answers[task as TaskName](input as never);
}

function evaluate({ job, resume }: Fit): Evaluation {
  const strengths = job.skills.filter((skill) => hasSkill(resume, skill));
  const gaps = job.skills.filter((skill) => !strengths.includes(skill));
  const share = strengths.length / Math.max(1, job.skills.length);
  return {
    verdict: share >= 0.6 ? "strong" : share >= 0.3 ? "possible" : "weak",
    score: Math.round(share * 100),
    strengths: strengths.map((skill) => `${skill} is asked for and in the resume.`),
    gaps: gaps.map((skill) => `${skill} is asked for and not in the resume.`),
    advice: gaps.length === 0 ? "Apply as it is." : `Say what comes near to ${gaps.join(", ")}.`,
  };
}

function tailor({ job, resume }: Fit): TailoredResume {
  const asked = resume.skills.filter((skill) =>
    job.skills.some((other) => other.toLowerCase() === skill.toLowerCase()),
  );
  const skills = [...asked, ...resume.skills.filter((skill) => !asked.includes(skill))];
  const headline = `${job.title}: ${resume.yearsOfExperience} years of practice in ${resume.city}`;
  return { headline, text: `For ${job.companyName}. Skills: ${skills.join(", ")}. ${resume.text}`, skills };
}

function parseAd(text: string): ParsedAd {
  const [title = ""] = text.split(/[.\n]/, 1);
  return {
    title: title.trim().slice(0, 200),
    skills: skillsIn(text),
    city: cityIn(text),
    isRemote: /\bremote\b/i.test(text),
    seniority: seniorities.find((level: Seniority) => mentions(text, level)) ?? null,
  };
}

function parseCv(text: string): ParsedCv {
  const years = /(\d{1,2}) years/.exec(text)?.[1];
  return {
    skills: skillsIn(text),
    city: cityIn(text),
    yearsOfExperience: years === undefined ? null : Math.min(80, Number(years)),
    summary: text.split(".", 1)[0]?.trim().slice(0, 300) ?? "",
  };
}

function industriesIn(text: string): Industries {
  const found = Object.entries(industryWords).map(([industry, words]) => ({
    industry,
    times: words.filter((word) => text.toLowerCase().includes(word)).length,
  }));
  const named = found.filter(({ times }) => times > 0).sort((one, other) => other.times - one.times);
  return { industries: named.map(({ industry }) => industry) };
}

function categoryOf(text: string): RoleCategory {
  return { category: rankedCategories(text)[0] ?? "backend" };
}

function domainsFor(query: string): Domains {
  const domains = rankedCategories(query).slice(0, 3);
  return { domains: domains.map((name) => ({ name, reason: `Words of ${name} are in what you look for.` })) };
}

/** All categories, those first whose skills and roles a text names most. */
function rankedCategories(text: string): Category[] {
  const score = (category: Category): number => {
    const { skills, roles } = vocabularyOf(category);
    return (
      skills.filter((skill) => mentions(text, skill)).length + 2 * roles.filter((role) => mentions(text, role)).length
    );
  };
  return categories.toSorted((one, other) => score(other) - score(one));
}

function skillsIn(text: string): string[] {
  const all = new Set(categories.flatMap((category) => vocabularyOf(category).skills));
  return [...all].filter((skill) => mentions(text, skill)).slice(0, 50);
}

function cityIn(text: string): string | null {
  return places.find(({ city }) => mentions(text, city))?.city ?? null;
}

/** Whether a text has a name in it as a word of its own. */
function mentions(text: string, name: string): boolean {
  const at = text.toLowerCase().indexOf(name.toLowerCase());
  if (at < 0) return false;
  return !/\w/.test(text.charAt(at - 1)) && !/\w/.test(text.charAt(at + name.length));
}
