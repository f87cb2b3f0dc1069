import { randomUUID } from "node:crypto";
import { renameSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open, readFile, rm, writeFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { AsyncBuffer, ParquetQueryFilter } from "hyparquet";
import { parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { Job } from "./job.ts";
import type { JobFilter } from "./job-filter.ts";
import { matchesFilter } from "./job-filter.ts";
import { jobColumns, jobFromRow } from "./job-row.ts";

/** How many jobs a page of the feed holds at most. */
export const feedPageSize = 20;

/** One page of the feed. */
export interface FeedPage {
  /** Counted from 1. */
  readonly page: number;
  /** How many jobs the filter selects, over all pages. */
  readonly total: number;
  /** The newest first; empty past the last page. */
  readonly jobs: readonly Job[];
}

/**
 * The jobs in a Parquet file, read the way the users' services read theirs: every call opens the file again and keeps
 * nothing. What a call costs is therefore what a cache in front of it saves.
 */
export class JobTable {
  readonly #path: string;
  #calls = 0;
  /** When the read before has ended. */
  #free: Promise<void> = Promise.resolve();

  /** @param path a file written by {@link writeJobTable}; opened by each call, not here */
  constructor(path: string) {
    this.#path = path;
  }

  /** Writes a table to take the place of this one. */
  prepare(jobs: readonly Job[]): Promise<PreparedJobTable> {
    return prepareJobTable(this.#path, jobs);
  }

  /** How often the file was read so far: one for each call of a method, whatever it read. */
  get calls(): number {
    return this.#calls;
  }

  /** Every job, sorted by id. Reads and decodes the whole file; between two row groups the event loop goes on. */
  listAll(): Promise<Job[]> {
    this.#calls += 1;
    return this.#inTurn(async () => {
      const file = bufferOf(await readFile(this.#path));
      const metadata = await parquetMetadataAsync(file);
      const jobs: Job[] = [];
      for (const { num_rows: rows } of metadata.row_groups) {
        const rowStart = jobs.length;
        const decoded = await parquetReadObjects({ file, metadata, rowStart, rowEnd: rowStart + Number(rows) });
        for (const row of decoded) jobs.push(jobFromRow(row));
        await nextTurn();
      }
      return jobs;
    });
  }

  /**
   * The page of the jobs a filter selects. Reads the whole file, as {@link JobTable.listAll} does.
   *
   * @param page counted from 1
   * @throws RangeError when the page is not a whole number from 1
   */
  async feedPage(filter: JobFilter, page: number): Promise<FeedPage> {
    if (!Number.isSafeInteger(page) || page < 1)
      throw new RangeError(`page must be a whole number from 1, not ${page}`);
    const selected = (await this.listAll()).filter((job) => matchesFilter(job, filter));
    selected.sort((one, other) => other.postedAtMs - one.postedAtMs || one.id - other.id);
    const start = (page - 1) * feedPageSize;
    return { page, total: selected.length, jobs: selected.slice(start, start + feedPageSize) };
  }

  /** One job, or `undefined`. Decodes only the row group the id can be in. */
  async job(id: number): Promise<Job | undefined> {
    const [job] = await this.jobs([id]);
    return job;
  }

  /** The jobs with these ids, in their order, `undefined` where there is none. Skips row groups without any of them. */
  async jobs(ids: readonly number[]): Promise<(Job | undefined)[]> {
    if (ids.length === 0) return [];
    this.#calls += 1;
    return this.#inTurn(() => this.#find(ids));
  }

  async #find(ids: readonly number[]): Promise<(Job | undefined)[]> {
    // One open file for all its reads: an ingestion that replaces the table meanwhile cannot mix two versions.
    const handle = await open(this.#path, "r");
    try {
      const file = await bufferOfHandle(handle);
      const filter: ParquetQueryFilter = ids.length === 1 ? { id: { $eq: ids[0] } } : { id: { $in: [...ids] } };
      const rows = await parquetReadObjects({ file, filter });
      const byId = new Map(rows.map(jobFromRow).map((job) => [job.id, job]));
      return ids.map((id) => byId.get(id));
    } finally {
      await handle.close();
    }
  }

  /**
   * Decoding keeps the process from everything else: one read at a time, and what has come meanwhile goes before the next. Else
   * several reads in a row would be taken for a Redis that does not answer. For the same reason the whole table is read in steps.
   */
  #inTurn<T>(read: () => Promise<T>): Promise<T> {
    const done = this.#free.then(read);
    this.#free = done.then(nextTurn, nextTurn);
    return done;
  }
}

function nextTurn(): Promise<void> {
  return setImmediate();
}

/** A table that is written and not yet in anybody's sight. */
export interface PreparedJobTable {
  /** Puts it in the place of the one there is, in one step, so that readers see the old table or the new one. */
  publish(): void;
  /** Removes it, unless it was published. */
  discard(): Promise<void>;
}

/** Writes the jobs beside the file of a table, in row groups of 500, sorted by id. */
export async function prepareJobTable(path: string, jobs: readonly Job[]): Promise<PreparedJobTable> {
  const sorted = jobs.toSorted((one, other) => one.id - other.id);
  const bytes = parquetWriteBuffer({ columnData: jobColumns(sorted), rowGroupSize: 500 });
  const temporary = `${path}.${randomUUID()}.tmp`;
  const discard = (): Promise<void> => rm(temporary, { force: true });
  try {
    await writeFile(temporary, new Uint8Array(bytes));
  } catch (error) {
    await discard();
    throw error;
  }
  return { publish: () => renameSync(temporary, path), discard };
}

/**
 * Writes the jobs as a Parquet file. A file already there is replaced in one step; on Windows that fails with `EPERM` while a reader has it
 * open.
 */
export async function writeJobTable(path: string, jobs: readonly Job[]): Promise<void> {
  const prepared = await prepareJobTable(path, jobs);
  try {
    prepared.publish();
  } finally {
    await prepared.discard();
  }
}

function bufferOf(bytes: Buffer): AsyncBuffer {
  const slice = (start: number, end?: number): ArrayBuffer => Uint8Array.from(bytes.subarray(start, end)).buffer;
  return { byteLength: bytes.byteLength, slice };
}

async function bufferOfHandle(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  const slice = async (start: number, end = size): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(Math.max(0, end - start));
    const { bytesRead } = await handle.read(bytes, 0, bytes.byteLength, start);
    if (bytesRead !== bytes.byteLength)
      throw new Error(`The job table ends ${bytes.byteLength - bytesRead} bytes early`);
    return bytes.buffer;
  };
  return { byteLength: size, slice };
}
