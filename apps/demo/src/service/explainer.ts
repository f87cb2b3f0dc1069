import type { Explanation } from "@tiercache/core";
import type { JobFilter } from "../origin/job-filter.ts";
import type { Namespaces } from "./namespaces.ts";

/** A cached value, said in the words of the service. */
export type AskedValue =
  | { readonly namespace: "popular" | "stats" | "config" }
  | { readonly namespace: "jobs"; readonly filter: JobFilter; readonly page: number }
  | { readonly namespace: "job"; readonly jobId: number }
  | { readonly namespace: "company"; readonly companyId: number }
  | { readonly namespace: "resume" | "ijp" | "user" | "user-data" | "matches"; readonly userId: number }
  | { readonly namespace: "match" | "compat" | "eval" | "tailor"; readonly userId: number; readonly jobId: number }
  | {
      readonly namespace: "embed" | "parsed-ad" | "parsed-cv" | "industries" | "role-category" | "domains";
      readonly text: string;
    };

/** Says what each tier holds of a value, and who would answer a read of it now. */
export class Explainer {
  readonly #namespaces: Namespaces;

  constructor(namespaces: Namespaces) {
    this.#namespaces = namespaces;
  }

  /** Asks every tier. @returns `undefined` where something that names the value does not exist: a job, a resume. */
  explain(asked: AskedValue): Promise<Explanation | undefined> {
    const { feed, jobs, companies } = this.#namespaces;
    if ("userId" in asked) return "jobId" in asked ? this.#ofPair(asked) : this.#ofUser(asked);
    if ("text" in asked) return this.#ofText(asked);
    if (asked.namespace === "jobs") return feed.explain(asked.filter, asked.page);
    if (asked.namespace === "job") return jobs.explain(asked.jobId);
    if (asked.namespace === "company") return companies.explain(asked.companyId);
    const { popular, statistics, configuration } = this.#namespaces;
    return { popular, stats: statistics, config: configuration }[asked.namespace].explain();
  }

  #ofUser({ namespace, userId }: Extract<AskedValue, { userId: number }>): Promise<Explanation> {
    const { resumes, preferences, sessions, users, tops } = this.#namespaces;
    const byName = { resume: resumes, ijp: preferences, user: sessions, "user-data": users, matches: tops } as const;
    return byName[namespace as keyof typeof byName].explain(userId);
  }

  async #ofPair(asked: Extract<AskedValue, { userId: number; jobId: number }>): Promise<Explanation | undefined> {
    const { scores, compatibilities, evaluations, tailored, jobs, resumes } = this.#namespaces;
    const { namespace, userId, jobId } = asked;
    if (namespace === "match") return scores.explain(userId, jobId);
    if (namespace === "compat") return compatibilities.explain(userId, jobId);
    const [job, resume] = await Promise.all([jobs.get(jobId), resumes.get(userId)]);
    if (job === undefined || resume === undefined) return undefined;
    return namespace === "eval" ? evaluations.explain(job, resume) : tailored.explain(job, resume);
  }

  #ofText({ namespace, text }: Extract<AskedValue, { text: string }>): Promise<Explanation> {
    const { embeddings, parsedAds, parsedCvs, industries, roleCategories, domains } = this.#namespaces;
    const byName = {
      embed: embeddings,
      "parsed-ad": parsedAds,
      "parsed-cv": parsedCvs,
      industries,
      "role-category": roleCategories,
      domains,
    } as const;
    return byName[namespace].explain(text);
  }
}
