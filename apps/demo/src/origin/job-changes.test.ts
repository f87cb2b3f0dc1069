import { describe, expect, it } from "vitest";
import { generateJobs } from "./generator.ts";
import { jobText } from "./job.ts";
import { applied, changesOf } from "./job-changes.ts";

const jobs = [...generateJobs({ jobCount: 200 })];

describe("changesOf", () => {
  it("brings the same for the same run, and something else for another", () => {
    const options = { seed: 1, run: 1 };
    expect(changesOf(jobs, options)).toEqual(changesOf(jobs, options));
    expect(changesOf(jobs, { ...options, run: 2 })).not.toEqual(changesOf(jobs, options));
  });

  it("changes the text of every other changed job and the pay of the rest, and removes none of them", () => {
    const { changed, removedIds } = changesOf(jobs, { seed: 1, run: 1, changed: 20, removed: 10 });
    const before = new Map(jobs.map((job) => [job.id, job]));
    const isReworded = changed.map((job) => jobText(job) !== jobText(before.get(job.id) ?? job));
    expect(isReworded).toEqual(changed.map((_, index) => index % 2 === 0));
    for (const job of changed) expect(job).not.toEqual(before.get(job.id));
    expect(changed.filter(({ id }) => removedIds.includes(id))).toEqual([]);
  });

  it("adds jobs that are newer than all, with ids that no job ever had", () => {
    const first = changesOf(jobs, { seed: 1, run: 1, added: 5, removed: 0 });
    const newest = Math.max(...jobs.map(({ postedAtMs }) => postedAtMs));
    for (const { postedAtMs } of first.added) expect(postedAtMs).toBeGreaterThan(newest);
    const gone = new Set(first.added.map(({ id }) => id));
    // Also where all of them were removed since.
    const second = changesOf(jobs, { seed: 1, run: 2, added: 5 });
    expect(second.added.filter(({ id }) => gone.has(id))).toEqual([]);
  });
});

describe("applied", () => {
  it("gives the table after the changes", () => {
    const changes = changesOf(jobs, { seed: 1, run: 1, added: 2, changed: 3, removed: 4 });
    const after = new Map(applied(jobs, changes).map((job) => [job.id, job]));
    expect(after.size).toBe(198);
    for (const job of [...changes.added, ...changes.changed]) expect(after.get(job.id)).toEqual(job);
    for (const id of changes.removedIds) expect(after.has(id)).toBe(false);
  });
});
