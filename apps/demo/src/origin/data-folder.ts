import { copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { GeneratorOptions, ResolvedGeneratorOptions } from "./generator.ts";
import { generateJobs, generateUsers, generatorVersion, resolveGeneratorOptions } from "./generator.ts";
import { writeJobTable } from "./job-table.ts";
import { writeUserDatabase } from "./user-database-file.ts";

/** A folder of generated data and the files in it. */
export interface DataFolder {
  readonly path: string;
  /** A Parquet file for `JobTable`. */
  readonly jobTablePath: string;
  /** An SQLite file for `UserDatabase`. */
  readonly userDatabasePath: string;
  /** An SQLite file for `IngestionLog`, made by the first run. */
  readonly ingestionLogPath: string;
}

/** How far the generator has come. */
export interface GeneratorProgress {
  readonly stage: "jobs" | "users";
  /** Jobs or users made so far. */
  readonly done: number;
  readonly total: number;
}

/** What to generate and where. */
export interface DataFolderOptions extends GeneratorOptions {
  /** The folder the data's own folder lies in; `@defaultValue` `.data` at the root of the repository */
  readonly root?: string | undefined;
  /** Hears of every 500 jobs or users; never called when the data was there already. */
  readonly onProgress?: ((progress: GeneratorProgress) => void) | undefined;
}

/** A copy of generated data for one run to change; gone from disk when disposed of. */
export interface WorkingCopy extends DataFolder, AsyncDisposable {}

const defaultRoot = resolve(import.meta.dirname, "../../../../.data");
const progressStep = 500;

/**
 * The folder with the data of these options, generated now unless it is there. The data is made in a folder beside and
 * renamed when complete: a crash leaves nothing that looks finished, and of two processes that start at once both
 * generate and one keeps its own. Treat it as read-only and change a {@link workingCopy} instead.
 *
 * @throws RangeError for an option out of its range
 */
export async function ensureDataFolder(options: DataFolderOptions = {}): Promise<DataFolder> {
  const generatorOptions = resolveGeneratorOptions(options);
  const root = options.root ?? defaultRoot;
  const { seed, jobCount, userCount } = generatorOptions;
  const name = `demo-v${generatorVersion}-seed${seed}-${jobCount}jobs-${userCount}users`;
  const folder = folderAt(join(root, name));
  if (await exists(folder.path)) return folder;

  await mkdir(root, { recursive: true });
  const unfinished = folderAt(await mkdtemp(join(root, `.${name}-`)));
  try {
    await fill(unfinished, generatorOptions, options.onProgress);
    await rename(unfinished.path, folder.path);
  } catch (error) {
    await rm(unfinished.path, { recursive: true, force: true });
    // Renaming onto a folder that another process put there meanwhile fails, differently on each system.
    if (!(await exists(folder.path))) throw error;
  }
  return folder;
}

/** Copies the data into a new folder, so that a run may update it and the next still starts from the same. */
export async function workingCopy(folder: DataFolder, parent: string = tmpdir()): Promise<WorkingCopy> {
  const copy = folderAt(await mkdtemp(join(parent, "tiercache-demo-")));
  await copyFile(folder.jobTablePath, copy.jobTablePath);
  await copyFile(folder.userDatabasePath, copy.userDatabasePath);
  const dispose = (): Promise<void> => rm(copy.path, { recursive: true, force: true, maxRetries: 3 });
  return { ...copy, [Symbol.asyncDispose]: dispose };
}

/**
 * Data that several processes share and change in place: that in the folder itself, or else made in a folder of its own in it. It stays on
 * disk when disposed of.
 */
export async function sharedData(path: string, options: DataFolderOptions = {}): Promise<WorkingCopy> {
  const own = folderAt(path);
  const isHere = (await exists(own.jobTablePath)) && (await exists(own.userDatabasePath));
  const folder = isHere ? own : await ensureDataFolder({ ...options, root: path });
  return { ...folder, [Symbol.asyncDispose]: async () => {} };
}

async function fill(
  folder: DataFolder,
  options: ResolvedGeneratorOptions,
  onProgress: DataFolderOptions["onProgress"],
): Promise<void> {
  const report =
    (stage: GeneratorProgress["stage"], total: number) =>
    (done: number): void =>
      onProgress?.({ stage, done, total });
  const jobs = await collect(generateJobs(options), report("jobs", options.jobCount));
  await writeJobTable(folder.jobTablePath, jobs);
  const users = await collect(generateUsers(options), report("users", options.userCount));
  writeUserDatabase(folder.userDatabasePath, users);
  await writeFile(join(folder.path, "options.json"), `${JSON.stringify({ generatorVersion, ...options }, null, 2)}\n`);
}

/** Takes everything out of the generator and lets the event loop turn after each step. */
async function collect<T>(items: Iterable<T>, onStep: (done: number) => void): Promise<T[]> {
  const collected: T[] = [];
  for (const item of items) {
    collected.push(item);
    if (collected.length % progressStep !== 0) continue;
    onStep(collected.length);
    await setImmediate();
  }
  if (collected.length % progressStep !== 0) onStep(collected.length);
  return collected;
}

function folderAt(path: string): DataFolder {
  return {
    path,
    jobTablePath: join(path, "jobs.parquet"),
    userDatabasePath: join(path, "users.sqlite"),
    ingestionLogPath: join(path, "ingestions.sqlite"),
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
