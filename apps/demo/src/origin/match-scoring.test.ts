import { describe, expect, it } from "vitest";
import { embedText } from "./embedder.ts";
import { generateJobs, generateUsers } from "./generator.ts";
import type { Job } from "./job.ts";
import { jobText } from "./job.ts";
import { candidateCount, selectCandidates } from "./match-candidates.ts";
import type { MatchInput } from "./match-scoring.ts";
import { bestMatches, payFit, placeFit, scoreMatch } from "./match-scoring.ts";
import type { UserRecord } from "./user-database-file.ts";

const [job] = [...generateJobs({ jobCount: 1 })] as [Job];
const [{ resume, preferences }] = [...generateUsers({ userCount: 1 })] as [UserRecord];

function inputFor(changes: Partial<MatchInput> = {}): MatchInput {
  const input = {
    resume,
    preferences,
    job,
    resumeVector: new Float32Array(),
    jobVector: new Float32Array(),
    ...changes,
  };
  return { ...input, resumeVector: embedText(input.resume.text), jobVector: embedText(jobText(input.job)) };
}

describe("scoreMatch", () => {
  it("gives the same score for the same input", () => {
    expect(scoreMatch(inputFor())).toEqual(scoreMatch(inputFor()));
  });

  it("gives 100 to a resume that is the job's own text, with all skills, place and pay", () => {
    const perfect = scoreMatch(
      inputFor({
        resume: { ...resume, skills: job.skills, text: jobText(job) },
        preferences: { userId: 1, categories: [], cities: [job.city], remote: "welcome", minimumSalaryEurPerYear: 0 },
      }),
    );
    expect(perfect).toMatchObject({ score: 100, parts: { text: 100, skills: 100, place: 100, pay: 100 } });
    expect(perfect.missingSkills).toEqual([]);
  });

  it("names the skills that match, whatever the letters' case, and those that miss", () => {
    const [first = "", ...others] = job.skills;
    const score = scoreMatch(inputFor({ resume: { ...resume, skills: [first.toUpperCase()] } }));
    expect(score.matchedSkills).toEqual([first]);
    expect(score.missingSkills).toEqual(others);
    expect(score.parts.skills).toBeCloseTo(100 / job.skills.length, 1);
  });

  it("rises with every skill gained", () => {
    const scores = job.skills.map((_, count) =>
      scoreMatch(inputFor({ resume: { ...resume, skills: job.skills.slice(0, count) } })),
    );
    const sorted = scores.toSorted((one, other) => one.score - other.score);
    expect(scores).toEqual(sorted);
  });

  it("stays within 0 and 100 for every job and part", () => {
    for (const other of generateJobs({ jobCount: 100 })) {
      const { score, parts } = scoreMatch(inputFor({ job: other }));
      for (const value of [score, ...Object.values(parts)])
        expect(value).toSatisfy((number: number) => number >= 0 && number <= 100);
    }
  });
});

describe("placeFit", () => {
  const inBerlin = { ...job, city: "Berlin", country: "Germany", remote: false };
  const wish = { ...preferences, cities: ["berlin"], remote: "welcome" as const };

  it("prefers the wanted city to its country and its country to others", () => {
    expect(placeFit(inBerlin, wish)).toBe(1);
    expect(placeFit(inBerlin, { ...wish, cities: ["Munich"] })).toBe(0.5);
    expect(placeFit(inBerlin, { ...wish, cities: ["Paris"] })).toBe(0);
    expect(placeFit(inBerlin, { ...wish, cities: [] })).toBe(1);
  });

  it("counts remote work only for those who want it", () => {
    const remote = { ...inBerlin, remote: true };
    expect(placeFit(remote, { ...wish, cities: ["Paris"] })).toBe(1);
    expect(placeFit(remote, { ...wish, cities: ["Paris"], remote: "never" })).toBe(0);
    expect(placeFit(remote, { ...wish, remote: "only" })).toBe(1);
    expect(placeFit(inBerlin, { ...wish, remote: "only" })).toBe(0);
  });
});

describe("payFit", () => {
  const paying = { ...job, salaryFromEurPerYear: 50_000, salaryToEurPerYear: 60_000 };

  it("falls from the lower end of the salary to nothing", () => {
    expect(payFit(paying, 0)).toBe(1);
    expect(payFit(paying, 50_000)).toBe(1);
    expect(payFit(paying, 55_000)).toBeCloseTo(0.75, 6);
    expect(payFit(paying, 60_000)).toBeCloseTo(0.5, 6);
    expect(payFit(paying, 70_000)).toBeLessThan(0.5);
    expect(payFit(paying, 200_000)).toBe(0);
  });
});

describe("bestMatches", () => {
  it("keeps the best, best first, equal ones by job id", () => {
    const base = scoreMatch(inputFor());
    const scores = [
      [3, 50],
      [1, 70],
      [9, 90],
      [2, 70],
    ].map(([jobId = 0, score = 0]) => ({ ...base, jobId, score }));
    expect(bestMatches(scores, 3).map((match) => match.jobId)).toEqual([9, 1, 2]);
  });
});

describe("selectCandidates", () => {
  const jobs = [...generateJobs()];

  it("chooses a hundred jobs, independent of the table's order", () => {
    const candidates = selectCandidates(jobs, resume, preferences);
    expect(candidates).toHaveLength(candidateCount);
    expect(selectCandidates(jobs.toReversed(), resume, preferences)).toEqual(candidates);
  });

  it("takes jobs of wanted categories while there are enough", () => {
    for (const candidate of selectCandidates(jobs, resume, preferences))
      expect(preferences.categories).toContain(candidate.category);
  });

  it("keeps the most of what scoring every job would find best", () => {
    const resumeVector = embedText(resume.text);
    const score = (other: Job) =>
      scoreMatch({ resume, preferences, resumeVector, job: other, jobVector: embedText(jobText(other)) });
    const best = bestMatches(jobs.map(score)).map((match) => match.jobId);
    const found = new Set(
      bestMatches(selectCandidates(jobs, resume, preferences).map(score)).map((match) => match.jobId),
    );
    expect(best.filter((id) => found.has(id)).length).toBeGreaterThanOrEqual(18);
  });

  it("gives all jobs of a table smaller than that", () => {
    expect(selectCandidates(jobs.slice(0, 7), resume, preferences)).toHaveLength(7);
  });
});
