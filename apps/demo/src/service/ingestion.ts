import { type Cache, type HeldLock, isCacheError, seconds } from "@tiercache/core";
import type { IngestionRun } from "../origin/ingestion-log.ts";
import { type Job, jobText } from "../origin/job.ts";
import { applied, type ChangeOptions, changesOf, type JobChanges } from "../origin/job-changes.ts";
import type { Happened } from "./events.ts";
import type { Origins } from "./origins.ts";

/** How much a run is to change. */
export type IngestionOptions = Pick<ChangeOptions, "added" | "changed" | "removed">;

/** What a run has done. */
export interface IngestionReport extends IngestionRun {
  /** The ids of the jobs that are new, other than they were, or gone. */
  readonly jobIds: {
    readonly added: readonly number[];
    readonly changed: readonly number[];
    readonly removed: readonly number[];
  };
}

/** What a run of the job feed needs. */
export interface IngestionParts {
  readonly cache: Cache;
  readonly origins: Origins;
  readonly happened: Happened;
  /** Of the changes. */
  readonly seed: number;
}

/**
 * Takes what the job feed brings over into the job table: one run at a time among all instances, and the cache is told
 * once, of what has changed.
 */
export class Ingestion {
  readonly #parts: IngestionParts;

  constructor(parts: IngestionParts) {
    this.#parts = parts;
  }

  /**
   * Runs.
   *
   * @returns `undefined` where another run is under way, in whatever instance.
   * @throws (rejects) `LOCK_UNAVAILABLE` while the tier with the lock cannot be reached, `LOCK_LOST` where the lock was lost on the
   * way; `OvertakenRunError` where a later run has written the table meanwhile: then nothing was written by this one.
   */
  async run(options: IngestionOptions = {}): Promise<IngestionReport | undefined> {
    try {
      const lock = { leaseMs: seconds(5), waitMs: 0 };
      return await this.#parts.cache.withLock("ingestion", lock, (held) => this.#runUnder(held, options));
    } catch (error) {
      if (isCacheError(error) && error.code === "LOCK_NOT_ACQUIRED") return undefined;
      throw error;
    }
  }

  async #runUnder({ token, signal }: HeldLock, options: IngestionOptions): Promise<IngestionReport> {
    const { origins, happened, seed } = this.#parts;
    const { jobs, ingestions } = origins;
    const run = (ingestions.last()?.run ?? 0) + 1;
    const before = await jobs.listAll();
    const changes = changesOf(before, { ...options, seed, run });
    const { added, changed, removedIds } = changes;
    const done: IngestionRun = { run, added: added.length, changed: changed.length, removed: removedIds.length };
    const prepared = await jobs.prepare(applied(before, changes));
    try {
      signal.throwIfAborted();
      ingestions.commit(done, token, () => prepared.publish());
    } finally {
      await prepared.discard();
    }
    const ids = { added: added.map(({ id }) => id), changed: changed.map(({ id }) => id), removed: removedIds };
    await happened("jobs.ingested", {
      addedIds: ids.added,
      changedIds: ids.changed,
      rewordedIds: rewordedIds(before, changes),
      removedIds: ids.removed,
    });
    return { ...done, jobIds: ids };
  }
}

function rewordedIds(before: readonly Job[], { changed }: JobChanges): number[] {
  const textById = new Map(before.map((job) => [job.id, jobText(job)]));
  return changed.filter((job) => textById.get(job.id) !== jobText(job)).map(({ id }) => id);
}
