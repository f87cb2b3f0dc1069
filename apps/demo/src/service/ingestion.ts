import type { Cache, HeldLock } from "@tiercache/core";
import type { IngestionRun } from "../origin/ingestion-log.ts";
import { type Job, jobText } from "../origin/job.ts";
import { applied, type ChangeOptions, changesOf, type JobChanges } from "../origin/job-changes.ts";
import type { Happened } from "./events.ts";
import type { Embeddings } from "./namespaces/match-namespaces.ts";
import type { Origins } from "./origins.ts";
import { unlessElsewhere } from "./unless-elsewhere.ts";

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
  /** New texts that were embedded beforehand; fewer than there are where the provider has failed. */
  readonly embedded: number;
}

/** What a run of the job feed needs. */
export interface IngestionParts {
  readonly cache: Cache;
  readonly embeddings: Embeddings;
  readonly origins: Pick<Origins, "jobs" | "ingestions">;
  readonly happened: Happened;
  /** Of the changes. */
  readonly seed: number;
}

/** What a run has published. */
interface Published {
  readonly done: IngestionRun;
  readonly changes: JobChanges;
  /** Of the changed jobs those whose text is another now. */
  readonly reworded: readonly Job[];
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
   * @throws (rejects) As `unlessElsewhere`; `OvertakenRunError` where a later run has written the table meanwhile: then nothing was
   * written by this one.
   */
  async run(options: IngestionOptions = {}): Promise<IngestionReport | undefined> {
    const { cache, embeddings } = this.#parts;
    const work = (lock: HeldLock): Promise<Published> => this.#publish(lock, options);
    const published = await unlessElsewhere(cache, { name: "ingestion", work });
    if (published === undefined) return undefined;
    const { done, changes, reworded } = published;
    // Whoever opens a list next does not have to wait for it.
    const vectors = await embeddings.getManySettled([...changes.added, ...reworded].map(jobText));
    const embedded = vectors.filter(({ status }) => status === "fulfilled").length;
    return { ...done, jobIds: idsOf(changes), embedded };
  }

  async #publish({ token, signal }: HeldLock, options: IngestionOptions): Promise<Published> {
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
    const reworded = rewordedOf(before, changes);
    const { added: addedIds, changed: changedIds } = idsOf(changes);
    await happened("jobs.ingested", { addedIds, changedIds, removedIds, rewordedIds: reworded.map(({ id }) => id) });
    return { done, changes, reworded };
  }
}

function idsOf({ added, changed, removedIds }: JobChanges): IngestionReport["jobIds"] {
  return { added: added.map(({ id }) => id), changed: changed.map(({ id }) => id), removed: removedIds };
}

function rewordedOf(before: readonly Job[], { changed }: JobChanges): Job[] {
  const textById = new Map(before.map((job) => [job.id, jobText(job)]));
  return changed.filter((job) => textById.get(job.id) !== jobText(job));
}
