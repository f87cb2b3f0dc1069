import type { CacheStats, Explanation, Reading } from "@tiercache/core";
import type { Preferences } from "../origin/preferences.ts";
import type { Namespaces } from "../service/namespaces.ts";
import { callsOf, type Origins } from "../service/origins.ts";
import type { OriginState } from "./instance-state.ts";
import { localLookMs } from "./local-look.ts";

/** What the page can do with an instance beside asking it as everybody does. */
export class LiveDesk {
  readonly #namespaces: Namespaces;
  readonly #origins: Origins;

  constructor(namespaces: Namespaces, origins: Origins) {
    this.#namespaces = namespaces;
    this.#origins = origins;
  }

  /** A user's preferences, and which tier had them. */
  readPreferences(userId: number): Promise<Reading<Preferences | undefined>> {
    return this.#namespaces.preferences.read([userId]);
  }

  explainPreferences(userId: number): Promise<Explanation> {
    return this.#namespaces.preferences.explain(userId);
  }

  /**
   * Gives a user other preferences than before: 1,000 euros more.
   *
   * @returns What is stored; `undefined` where there is no such user.
   */
  async changePreferences(userId: number): Promise<Preferences | undefined> {
    const { users } = this.#origins;
    const known = users.preferences(userId);
    if (known === undefined) return undefined;
    const minimumSalaryEurPerYear = known.minimumSalaryEurPerYear + 1_000;
    const changed = users.updatePreferences(userId, { ...known, minimumSalaryEurPerYear });
    await this.#namespaces.preferences.invalidate(userId);
    return changed;
  }

  /** Loads a user's top matches anew, whatever the tiers hold. */
  refreshMatches(userId: number): Promise<Reading<unknown>> {
    return this.#namespaces.tops.read([userId], { from: "load" });
  }

  /** How long a look into the local tier takes; `undefined` while it holds nothing of the feed. */
  localLookMs(): number | undefined {
    return localLookMs(() => this.#namespaces.feed.peek({}, 1));
  }

  /** What the origins did, and what they did not have to. */
  originState({ namespaces }: CacheStats): OriginState {
    const { tableReads, queries, providerCalls, textsEmbedded, costUsd } = callsOf(this.#origins);
    const known = Object.values(namespaces);
    const embeddings = namespaces[this.#namespaces.embeddings.name]?.total;
    const usdPerText = textsEmbedded === 0 ? 0 : costUsd / textsEmbedded;
    return {
      calls: { "job table": tableReads, database: queries, embeddings: providerCalls },
      costUsd,
      savedLoads: known.reduce((sum, { total }) => sum + total.hits + total.stale + total.joined, 0),
      savedMs: known.reduce((sum, { savedMs }) => sum + savedMs, 0),
      savedUsd: ((embeddings?.hits ?? 0) + (embeddings?.joined ?? 0)) * usdPerText,
    };
  }
}
