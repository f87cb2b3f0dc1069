import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateJobs } from "./generator.ts";
import { matchesFilter } from "./job-filter.ts";
import { feedPageSize, JobTable, writeJobTable } from "./job-table.ts";

const jobs = [...generateJobs({ jobCount: 1_300 })];
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "job-table-test-"));
  path = join(folder, "jobs.parquet");
  await writeJobTable(path, jobs.toReversed());
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("JobTable", () => {
  it("gives back every job as it was written, sorted by id", async () => {
    expect(await new JobTable(path).listAll()).toEqual(jobs);
  });

  it("gives the feed newest first, twenty a page, with the total over all pages", async () => {
    const table = new JobTable(path);
    const filter = { remote: true };
    const expected = jobs
      .filter((job) => matchesFilter(job, filter))
      .toSorted((one, other) => other.postedAtMs - one.postedAtMs || one.id - other.id);
    const second = await table.feedPage(filter, 2);
    expect(second.total).toBe(expected.length);
    expect(second.jobs).toEqual(expected.slice(feedPageSize, 2 * feedPageSize));
  });

  it("gives an empty page past the last one and refuses pages that cannot be", async () => {
    const table = new JobTable(path);
    expect(await table.feedPage({}, 1_000)).toEqual({ page: 1_000, total: 1_300, jobs: [] });
    await expect(table.feedPage({}, 0)).rejects.toThrow(RangeError);
    await expect(table.feedPage({}, 1.5)).rejects.toThrow(RangeError);
  });

  it("finds single jobs in every row group, at their borders too", async () => {
    const table = new JobTable(path);
    for (const id of [1, 500, 501, 1_000, 1_001, 1_300]) expect(await table.job(id)).toEqual(jobs[id - 1]);
    expect(await table.job(1_301)).toBeUndefined();
  });

  it("gives several jobs in the order asked for, with undefined for those there are not", async () => {
    const found = await new JobTable(path).jobs([1_200, 99_999, 3, 700, 3]);
    expect(found.map((job) => job?.id)).toEqual([1_200, undefined, 3, 700, 3]);
  });

  it("counts one call a read, and none for nothing", async () => {
    const table = new JobTable(path);
    await table.listAll();
    await table.feedPage({}, 1);
    await table.job(5);
    await table.jobs([1, 2, 3]);
    await table.jobs([]);
    expect(table.calls).toBe(4);
  });

  it("sees a replaced table with the next call", async () => {
    const replaced = join(folder, "replaced.parquet");
    await writeJobTable(replaced, jobs.slice(0, 2));
    const table = new JobTable(replaced);
    expect(await table.job(3)).toBeUndefined();
    await writeJobTable(replaced, jobs.slice(0, 3));
    expect(await table.job(3)).toEqual(jobs[2]);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("rejects when the file is missing or is no Parquet file", async () => {
    await expect(new JobTable(join(folder, "none.parquet")).listAll()).rejects.toThrow("ENOENT");
    const broken = join(folder, "broken.parquet");
    await writeFile(broken, "not a table at all");
    await expect(new JobTable(broken).listAll()).rejects.toThrow();
  });
});
