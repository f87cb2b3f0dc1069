import type { JobFilter } from "../origin/job-filter.ts";

/** What people narrow the feed down to, the most popular first. Each selects at least five pages of the 5,000 jobs. */
export const popularFilters: readonly JobFilter[] = [
  {},
  { remote: true },
  { category: "backend" },
  { category: "frontend" },
  { city: "Berlin" },
  { category: "machine-learning" },
  { category: "data-engineering" },
  { category: "backend", remote: true },
  { city: "Amsterdam" },
  { category: "platform" },
  { seniority: "senior" },
  { category: "product" },
  { minimumSalaryEurPerYear: 100_000 },
  { category: "design" },
  { category: "frontend", remote: true },
  { skill: "Python" },
  { city: "Paris" },
  { category: "security" },
  { seniority: "junior" },
  { category: "mobile" },
];

/** How many pages of a filter are ever opened; the first by far the most. */
export const popularPageCount = 5;
