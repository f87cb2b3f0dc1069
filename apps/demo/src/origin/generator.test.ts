import { describe, expect, it } from "vitest";
import { categories } from "./category.ts";
import { generateJobs, generateUsers, resolveGeneratorOptions } from "./generator.ts";
import { jobText } from "./job.ts";

describe("generateJobs", () => {
  it("gives identical jobs for the same seed and others for another", () => {
    const jobs = [...generateJobs({ seed: 5, jobCount: 40 })];
    expect([...generateJobs({ seed: 5, jobCount: 40 })]).toEqual(jobs);
    expect([...generateJobs({ seed: 6, jobCount: 40 })]).not.toEqual(jobs);
  });

  it("keeps a job as it is when more jobs are made", () => {
    expect([...generateJobs({ jobCount: 30 })].slice(0, 10)).toEqual([...generateJobs({ jobCount: 10 })]);
  });

  it("makes 5,000 jobs over all categories unless told otherwise, with texts that all differ", () => {
    const jobs = [...generateJobs()];
    expect(jobs.map((job) => job.id)).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
    expect(new Set(jobs.map((job) => job.category)).size).toBe(categories.length);
    expect(new Set(jobs.map(jobText)).size).toBe(5_000);
    for (const job of jobs) {
      expect(job.description.length).toSatisfy((length: number) => length >= 200 && length <= 800);
      expect(job.salaryToEurPerYear).toBeGreaterThan(job.salaryFromEurPerYear);
      expect(job.skills.length).toSatisfy((count: number) => count >= 3 && count <= 6);
      expect(job.description).not.toContain("{skill}");
    }
  });

  it("lets few jobs be opened very often and most seldom", () => {
    const views = [...generateJobs()].map((job) => job.viewCount).toSorted((one, other) => other - one);
    const all = views.reduce((sum, count) => sum + count, 0);
    const topTenth = views.slice(0, 500).reduce((sum, count) => sum + count, 0);
    expect(topTenth / all).toBeGreaterThan(0.4);
  });
});

describe("generateUsers", () => {
  it("gives identical users, resumes and preferences for the same seed", () => {
    expect([...generateUsers({ seed: 5, userCount: 20 })]).toEqual([...generateUsers({ seed: 5, userCount: 20 })]);
  });

  it("gives every user an address of its own that no mail can reach", () => {
    const users = [...generateUsers()].map((record) => record.user);
    expect(new Set(users.map((user) => user.email)).size).toBe(1_000);
    for (const user of users) expect(user.email).toMatch(/^[a-z0-9.]+@[a-z]+\.example$/);
  });

  it("writes each resume in the words of the field its user wants to work in", () => {
    for (const { user, resume, preferences } of generateUsers({ userCount: 50 })) {
      expect(resume.userId).toBe(user.id);
      expect(preferences.userId).toBe(user.id);
      expect(preferences.categories.length).toBeGreaterThan(0);
      for (const skill of resume.skills) expect(resume.text).toContain(skill);
    }
  });
});

describe("resolveGeneratorOptions", () => {
  it("refuses a count that is not a whole number from 1, naming it", () => {
    expect(() => resolveGeneratorOptions({ jobCount: 0 })).toThrow("jobCount");
    expect(() => resolveGeneratorOptions({ userCount: 1.5 })).toThrow("userCount");
  });
});
