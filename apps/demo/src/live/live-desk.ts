import type { CacheStats, Explanation, Reading } from "@tiercache/core";
import { jobText } from "../origin/job.ts";
import type { Preferences } from "../origin/preferences.ts";
import type { IngestionReport } from "../service/ingestion.ts";
import type { Instance } from "../service/instance.ts";
import { callsOf, type Origins } from "../service/origins.ts";
import type { WarmReports } from "../service/warming.ts";
import type { OriginState } from "./instance-state.ts";
import { savedUsd } from "./saved-money.ts";

const warmedUsers = 10;
const textsPerCall = 64;

/** What the page can do with an instance beside asking it as everybody does. */
export class LiveDesk {
  readonly #instance: Instance;
  readonly #origins: Origins;

  constructor(instance: Instance, origins: Origins) {
    this.#instance = instance;
    this.#origins = origins;
  }

  /** A user's preferences, and which tier had them. */
  readPreferences(userId: number): Promise<Reading<Preferences | undefined>> {
    return this.#instance.services.people.preferences(userId);
  }

  explainPreferences(userId: number): Promise<Explanation> {
    return this.#instance.namespaces.preferences.explain(userId);
  }

  /**
   * Gives a user other preferences than before: 1,000 euros more.
   *
   * @returns What is stored; `undefined` where there is no such user.
   */
  async changePreferences(userId: number): Promise<Preferences | undefined> {
    // Not what is cached: another instance may have just changed it.
    const known = this.#origins.users.preferences(userId);
    if (known === undefined) return undefined;
    const minimumSalaryEurPerYear = known.minimumSalaryEurPerYear + 1_000;
    return this.#instance.services.people.updatePreferences(userId, { ...known, minimumSalaryEurPerYear });
  }

  /** Loads a user's top matches anew, whatever the tiers hold. */
  refreshMatches(userId: number): Promise<Reading<unknown>> {
    return this.#instance.services.matches.top(userId, { from: "load" });
  }

  /** One run of the job feed; `undefined` where another instance is at it. */
  ingest(): Promise<IngestionReport | undefined> {
    return this.#instance.services.ingestion.run();
  }

  /** Computes the scores of the most popular jobs for the first users; `undefined` where another instance is at it. */
  warm(onProgress: (done: number, total: number) => void): Promise<WarmReports | undefined> {
    const userIds = Array.from({ length: warmedUsers }, (_, index) => index + 1);
    return this.#instance.services.warming.popular({
      userIds,
      onProgress: ({ loaded, fresh, failed, keys }) => onProgress(loaded + fresh + failed, keys),
    });
  }

  /** Embeds the texts of all jobs where no tier has their vectors, as whoever takes jobs over does. */
  async embedJobs(onProgress: (done: number, total: number) => void): Promise<void> {
    const texts = (await this.#origins.jobs.listAll()).map(jobText);
    for (let from = 0; from < texts.length; from += textsPerCall) {
      await this.#instance.namespaces.embeddings.getMany(texts.slice(from, from + textsPerCall));
      onProgress(Math.min(texts.length, from + textsPerCall), texts.length);
    }
  }

  /** What the origins did, and what they did not have to. */
  originState({ namespaces }: CacheStats): OriginState {
    const { tableReads, queries, providerCalls, completions, enrichments, costUsd } = callsOf(this.#origins);
    const known = Object.values(namespaces);
    const calls = { "job table": tableReads, database: queries, embeddings: providerCalls };
    return {
      calls: { ...calls, "language model": completions, "company data": enrichments },
      costUsd,
      savedLoads: known.reduce((sum, { total }) => sum + total.hits + total.stale + total.joined, 0),
      savedMs: known.reduce((sum, { savedMs }) => sum + savedMs, 0),
      savedUsd: savedUsd(this.#instance.namespaces, this.#origins),
    };
  }
}
