import { describe, expect, it } from "vitest";
import { generateJobs } from "../origin/generator.ts";
import { feedFilterKey, matchesFilter } from "../origin/job-filter.ts";
import { feedPageSize } from "../origin/job-table.ts";
import { popularFilters, popularPageCount } from "./popular-filters.ts";
import { requestSequences } from "./request-sequence.ts";

describe("requestSequences", () => {
  it("repeats every sequence for the same seed and changes them with it", () => {
    expect(requestSequences({ seed: 3 })).toEqual(requestSequences({ seed: 3 }));
    expect(requestSequences({ seed: 3 })).not.toEqual(requestSequences({ seed: 4 }));
  });

  it("is plain data", () => {
    const sequences = requestSequences({ feedRequests: 5, matchSessions: 5, embeddingRequests: 5 });
    expect(JSON.parse(JSON.stringify(sequences))).toEqual(sequences);
  });

  it("keeps the lengths it is asked for, and its defaults for options that are undefined", () => {
    const sequences = requestSequences({ feedRequests: 7, matchSessions: 8, embeddingRequests: undefined });
    expect(sequences.feed).toHaveLength(7);
    expect(sequences.match).toHaveLength(8);
    expect(sequences.embedding).toHaveLength(600);
  });

  it("asks only for users, jobs, ranks and pages there are", () => {
    const { feed, match, embedding } = requestSequences({ jobCount: 300, userCount: 50 });
    for (const { page } of feed) expect(page).toSatisfy((value: number) => value >= 1 && value <= popularPageCount);
    for (const { userId, scoreRanks } of match) {
      expect(userId).toSatisfy((id: number) => id >= 1 && id <= 50);
      expect(scoreRanks.length).toBeGreaterThanOrEqual(2);
      for (const rank of scoreRanks) expect(rank).toSatisfy((value: number) => value >= 1 && value <= 20);
    }
    for (const { jobIds } of embedding) {
      expect(new Set(jobIds).size).toBe(100);
      for (const id of jobIds) expect(id).toSatisfy((value: number) => value >= 1 && value <= 300);
    }
  });

  it("lets every fortieth embedding request come with a newly edited resume, and later ones keep the edit", () => {
    const { embedding } = requestSequences();
    const edits = new Map<number, number>();
    for (const { userId, resumeEdits } of embedding) {
      expect(resumeEdits).toBeGreaterThanOrEqual(edits.get(userId) ?? 0);
      edits.set(userId, resumeEdits);
    }
    expect([...edits.values()].reduce((sum, count) => sum + count, 0)).toBe(15);
  });
});

describe("popularFilters", () => {
  const jobs = [...generateJobs()];

  it.each(popularFilters.map((filter) => [feedFilterKey(filter), filter] as const))(
    "fill every popular page: %s",
    (_, filter) => {
      const selected = jobs.filter((job) => matchesFilter(job, filter)).length;
      expect(selected).toBeGreaterThan((popularPageCount - 1) * feedPageSize);
    },
  );

  it("are all different", () => {
    expect(new Set(popularFilters.map(feedFilterKey)).size).toBe(popularFilters.length);
  });
});
