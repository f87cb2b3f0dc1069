import { describe, expect, it } from "vitest";
import { generateJobs } from "./generator.ts";
import { feedFilterKey, matchesFilter } from "./job-filter.ts";

describe("feedFilterKey", () => {
  it("does not depend on the order of fields, letters' case, blanks or fields that do not narrow", () => {
    const key = feedFilterKey({ category: "backend", city: "Berlin", remote: true });
    expect(feedFilterKey({ remote: true, city: " berlin ", category: "backend" })).toBe(key);
    expect(
      feedFilterKey({ remote: true, city: "BERLIN", category: "backend", skill: "", minimumSalaryEurPerYear: 0 }),
    ).toBe(key);
    expect(key).toBe("category=backend&city=berlin&remote=true");
  });

  it("is all for a filter that does not narrow", () => {
    expect(feedFilterKey({})).toBe("all");
    expect(feedFilterKey({ city: undefined, skill: "  ", minimumSalaryEurPerYear: -5 })).toBe("all");
  });

  it("keeps filters apart that select different jobs", () => {
    const filters = [{}, { remote: true }, { remote: false }, { city: "a&remote=true" }, { skill: "x" }, { city: "x" }];
    expect(new Set(filters.map(feedFilterKey)).size).toBe(filters.length);
  });

  it("contains no colon, whatever the values", () => {
    expect(feedFilterKey({ city: "a:b", skill: "c:d" })).not.toContain(":");
  });
});

describe("matchesFilter", () => {
  const jobs = [...generateJobs({ jobCount: 500 })];

  it("demands every given field", () => {
    const selected = jobs.filter((job) =>
      matchesFilter(job, { category: "backend", remote: true, seniority: "senior" }),
    );
    expect(selected.length).toBeGreaterThan(0);
    for (const job of selected) expect(job).toMatchObject({ category: "backend", remote: true, seniority: "senior" });
  });

  it("finds cities and skills whatever the letters' case", () => {
    const inBerlin = jobs.filter((job) => matchesFilter(job, { city: "bERLIN" }));
    expect(inBerlin.length).toBe(jobs.filter((job) => job.city === "Berlin").length);
    const withPython = jobs.filter((job) => matchesFilter(job, { skill: "python" }));
    expect(withPython.length).toBe(jobs.filter((job) => job.skills.includes("Python")).length);
  });

  it("takes a job whose upper salary end reaches the minimum", () => {
    const [job] = jobs;
    if (job === undefined) throw new Error("no job");
    expect(matchesFilter(job, { minimumSalaryEurPerYear: job.salaryToEurPerYear })).toBe(true);
    expect(matchesFilter(job, { minimumSalaryEurPerYear: job.salaryToEurPerYear + 1 })).toBe(false);
  });
});
