import { describe, expect, it } from "vitest";
import { generateJobs, generateUsers } from "../origin/generator.ts";
import { jobText } from "../origin/job.ts";
import { EmbeddingTexts } from "./embedding-texts.ts";

const jobs = [...generateJobs({ jobCount: 3 })];
const resumes = [...generateUsers({ userCount: 2 })].map((record) => record.resume);
const texts = new EmbeddingTexts({ jobs, resumes });

describe("EmbeddingTexts", () => {
  it("gives the resume's text and then the jobs' in the request's order", () => {
    const batch = texts.of({ userId: 2, jobIds: [3, 1], resumeEdits: 0 });
    expect(batch).toEqual([resumes[1]?.text, ...[jobs[2], jobs[0]].map((job) => job && jobText(job))]);
  });

  it("gives another resume text after each edit", () => {
    const versions = [0, 1, 2].map((resumeEdits) => texts.of({ userId: 1, jobIds: [], resumeEdits })[0]);
    expect(new Set(versions).size).toBe(3);
  });

  it("names every text of the corpus once for the ingestion", () => {
    expect(texts.all()).toHaveLength(5);
  });

  it("refuses what the corpus does not have", () => {
    expect(() => texts.of({ userId: 9, jobIds: [], resumeEdits: 0 })).toThrow("resume of user 9");
    expect(() => texts.of({ userId: 1, jobIds: [9], resumeEdits: 0 })).toThrow("job 9");
  });
});
