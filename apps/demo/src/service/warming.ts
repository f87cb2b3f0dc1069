import { type Cache, isCacheError, type LoadingNamespace, seconds } from "@tiercache/core";
import type { Namespaces } from "./namespaces.ts";
import { type WarmOptions, type WarmReport, warm } from "./warm.ts";

/** What was warmed, by namespace. */
export type WarmReports = Readonly<Record<string, WarmReport>>;

/** For whom scores are computed beforehand. */
export interface PopularWarming extends WarmOptions {
  /** Active users. */
  readonly userIds: readonly number[];
  /** How many of the most popular jobs, up to 100. @defaultValue 100 */
  readonly jobs?: number | undefined;
}

/** Loads what will be asked for, before it is: in low traffic, after bulk work, before a user comes back. */
export class Warming {
  readonly #cache: Cache;
  readonly #namespaces: Namespaces;

  constructor(cache: Cache, namespaces: Namespaces) {
    this.#cache = cache;
    this.#namespaces = namespaces;
  }

  /** All that a user meets first: who he is, what he wants and what fits him. */
  async user(userId: number, options?: WarmOptions): Promise<WarmReports> {
    const { sessions, users, resumes, preferences, tops } = this.#namespaces;
    const reports: Record<string, WarmReport> = {};
    for (const namespace of [sessions, users, resumes, preferences, tops] as readonly LoadingNamespace<
      [number],
      unknown
    >[]) {
      reports[namespace.name] = await warm(namespace, [userId], options);
    }
    return reports;
  }

  /**
   * The scores of the most popular jobs for all given users, by one instance at a time.
   *
   * @returns `undefined` where another instance is at it.
   * @throws (rejects) `LOCK_UNAVAILABLE` while the tier with the lock cannot be reached; `LOCK_LOST`.
   */
  async popular({ userIds, jobs: count = 100, ...options }: PopularWarming): Promise<WarmReports | undefined> {
    const { popular, jobs, scores } = this.#namespaces;
    try {
      return await this.#cache.withLock("warming", lockOf(options), async ({ signal }) => {
        const jobIds = (await popular.get()).slice(0, count).map(({ id }) => id);
        const pairs = userIds.flatMap((userId) => jobIds.map((jobId): [number, number] => [userId, jobId]));
        return {
          [jobs.name]: await warm(jobs, jobIds, { ...options, signal }),
          [scores.name]: await warm(scores, pairs, { ...options, signal }),
        };
      });
    } catch (error) {
      if (isCacheError(error) && error.code === "LOCK_NOT_ACQUIRED") return undefined;
      throw error;
    }
  }
}

function lockOf({ signal }: WarmOptions) {
  return { leaseMs: seconds(5), waitMs: 0, ...(signal && { signal }) };
}
