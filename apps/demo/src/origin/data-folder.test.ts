import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { GeneratorProgress } from "./data-folder.ts";
import { ensureDataFolder, sharedData, workingCopy } from "./data-folder.ts";
import { JobTable } from "./job-table.ts";
import { UserDatabase } from "./user-database.ts";

const small = { seed: 2, jobCount: 30, userCount: 12 };
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "data-folder-test-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe("ensureDataFolder", () => {
  it("names the folder after version, seed and counts, so that other data lies elsewhere", async () => {
    const folder = await ensureDataFolder({ ...small, root });
    expect(folder.path).toMatch(/demo-v\d+-seed2-30jobs-12users$/);
    const other = await ensureDataFolder({ ...small, seed: 3, root });
    expect(other.path).not.toBe(folder.path);
  });

  it("writes jobs and users that the origins can read", async () => {
    const folder = await ensureDataFolder({ ...small, root });
    expect(await new JobTable(folder.jobTablePath).listAll()).toHaveLength(30);
    const database = new UserDatabase(folder.userDatabasePath);
    expect(database.user(12)?.id).toBe(12);
    expect(database.user(13)).toBeUndefined();
    database.close();
  });

  it("writes the same table again for the same seed", async () => {
    const first = await ensureDataFolder({ ...small, root: join(root, "one") });
    const second = await ensureDataFolder({ ...small, root: join(root, "two") });
    expect(await readFile(first.jobTablePath)).toEqual(await readFile(second.jobTablePath));
  });

  it("generates once, reports on the way and leaves finished data alone", async () => {
    const progress: GeneratorProgress[] = [];
    const options = { ...small, root, jobCount: 1_200, onProgress: (step: GeneratorProgress) => progress.push(step) };
    const folder = await ensureDataFolder(options);
    expect(progress).toEqual([
      { stage: "jobs", done: 500, total: 1_200 },
      { stage: "jobs", done: 1_000, total: 1_200 },
      { stage: "jobs", done: 1_200, total: 1_200 },
      { stage: "users", done: 12, total: 12 },
    ]);
    const { mtimeMs } = await stat(folder.jobTablePath);
    expect(await ensureDataFolder(options)).toEqual(folder);
    expect(progress).toHaveLength(4);
    expect((await stat(folder.jobTablePath)).mtimeMs).toBe(mtimeMs);
  });

  it("leaves one complete folder and nothing else when several start at once", async () => {
    const folders = await Promise.all(Array.from({ length: 4 }, () => ensureDataFolder({ ...small, root })));
    expect(new Set(folders.map((folder) => folder.path)).size).toBe(1);
    expect(await readdir(root)).toHaveLength(1);
    expect(await readdir(folders[0]?.path ?? "")).toHaveLength(3);
  });

  it("leaves nothing behind when the generator fails", async () => {
    const failing = ensureDataFolder({
      ...small,
      root,
      onProgress: () => {
        throw new Error("no more");
      },
    });
    await expect(failing).rejects.toThrow("no more");
    expect(await readdir(root)).toEqual([]);
  });
});

describe("workingCopy", () => {
  it("can be changed without changing what it was copied from, and is gone when disposed of", async () => {
    const folder = await ensureDataFolder({ ...small, root });
    const copy = await workingCopy(folder, root);
    const database = new UserDatabase(copy.userDatabasePath);
    database.updatePreferences(1, { categories: [], cities: [], remote: "only", minimumSalaryEurPerYear: 1 });
    database.close();

    const original = new UserDatabase(folder.userDatabasePath);
    expect(original.preferences(1)?.minimumSalaryEurPerYear).not.toBe(1);
    original.close();
    await copy[Symbol.asyncDispose]();
    await expect(stat(copy.path)).rejects.toThrow("ENOENT");
  });
});

describe("sharedData", () => {
  it("is made in the folder once, and what one changes there another sees", async () => {
    const first = await sharedData(root, small);
    const second = await sharedData(root, small);
    const [one, other] = [first, second].map(({ userDatabasePath }) => new UserDatabase(userDatabasePath));
    one?.updatePreferences(3, { categories: [], cities: [], remote: "only", minimumSalaryEurPerYear: 77_000 });
    expect(other?.preferences(3)?.minimumSalaryEurPerYear).toBe(77_000);
    for (const database of [one, other]) database?.close();
  });

  it("is what lies in the folder already, and stays there", async () => {
    const copy = await workingCopy(await ensureDataFolder({ ...small, root }), root);
    await using shared = await sharedData(copy.path);
    expect(shared.path).toBe(copy.path);
    await shared[Symbol.asyncDispose]();
    expect(await new JobTable(copy.jobTablePath).listAll()).toHaveLength(30);
  });
});
