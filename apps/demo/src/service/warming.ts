import type { Cache, LoadingNamespace } from "@tiercache/core";
import type { Namespaces } from "./namespaces.ts";
import { unlessElsewhere } from "./unless-elsewhere.ts";
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
    const families: readonly LoadingNamespace<[number], unknown>[] = [sessions, users, resumes, preferences, tops];
    const reports: Record<string, WarmReport> = {};
    for (const family of families) reports[family.name] = await warm(family, [userId], options);
    return reports;
  }

  /**
   * The scores of the most popular jobs for all given users, by one instance at a time.
   *
   * @returns `undefined` where another instance is at it.
   * @throws (rejects) As `unlessElsewhere`.
   */
  popular({ userIds, jobs: count = 100, ...options }: PopularWarming): Promise<WarmReports | undefined> {
    const { popular, jobs, scores } = this.#namespaces;
    const work = async ({ signal }: { readonly signal: AbortSignal }): Promise<WarmReports> => {
      const jobIds = (await popular.get()).slice(0, count).map(({ id }) => id);
      const pairs = userIds.flatMap((userId) => jobIds.map((jobId): [number, number] => [userId, jobId]));
      return {
        [jobs.name]: await warm(jobs, jobIds, { ...options, signal }),
        [scores.name]: await warm(scores, pairs, { ...options, signal }),
      };
    };
    return unlessElsewhere(this.#cache, { name: "warming", work, signal: options.signal });
  }
}
