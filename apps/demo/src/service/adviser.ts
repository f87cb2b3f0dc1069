import type { Reading } from "@tiercache/core";
import type { CompanyEnrichment } from "../origin/company-enrichment.ts";
import type { Job } from "../origin/job.ts";
import type {
  Domains,
  Evaluation,
  Industries,
  ParsedAd,
  ParsedCv,
  RoleCategory,
  TailoredResume,
} from "../origin/language-task.ts";
import type { Resume } from "../origin/resume.ts";
import type { Happened } from "./events.ts";
import type { Namespaces } from "./namespaces.ts";
import { nothing, type Wish } from "./wish.ts";

/** What a text is found to say. */
export interface ParsedText<V> {
  readonly parsed: V;
  readonly industries: Industries["industries"];
  readonly category: RoleCategory["category"];
}

/** What models and providers know and say. */
export class Adviser {
  readonly #namespaces: Namespaces;
  readonly #happened: Happened;

  constructor(namespaces: Namespaces, happened: Happened) {
    this.#namespaces = namespaces;
    this.#happened = happened;
  }

  /** What a model makes of a user's resume and a job; of `undefined` where there is no such user or job. */
  async evaluation(userId: number, jobId: number, wish?: Wish): Promise<Reading<Evaluation | undefined>> {
    const pair = await this.#jobAndResume(userId, jobId);
    return pair === undefined ? nothing : this.#namespaces.evaluations.read(pair, wish);
  }

  /** A user's resume, written anew for a job; of `undefined` where there is no such user or job. */
  async tailoredResume(userId: number, jobId: number, wish?: Wish): Promise<Reading<TailoredResume | undefined>> {
    const pair = await this.#jobAndResume(userId, jobId);
    return pair === undefined ? nothing : this.#namespaces.tailored.read(pair, wish);
  }

  /** What a job ad says. */
  parseAd(text: string): Promise<ParsedText<ParsedAd>> {
    return this.#parse(this.#namespaces.parsedAds.get(text), text);
  }

  /** What a CV says. */
  parseCv(text: string): Promise<ParsedText<ParsedCv>> {
    return this.#parse(this.#namespaces.parsedCvs.get(text), text);
  }

  /** Fields to look for work in. */
  domains(query: string, wish?: Wish): Promise<Reading<Domains>> {
    return this.#namespaces.domains.read(query, wish);
  }

  /** What a provider knows of a company; of `undefined` where it does not know it. */
  company(id: number, wish?: Wish): Promise<Reading<CompanyEnrichment | undefined>> {
    return this.#namespaces.companies.read(id, wish);
  }

  /** To be told when the provider has learned something about a company. */
  async companyEnriched(companyId: number): Promise<void> {
    await this.#happened("company.enriched", { companyId });
  }

  async #jobAndResume(userId: number, jobId: number): Promise<[Job, Resume] | undefined> {
    const { jobs, resumes } = this.#namespaces;
    const [job, resume] = await Promise.all([jobs.get(jobId), resumes.get(userId)]);
    return job === undefined || resume === undefined ? undefined : [job, resume];
  }

  async #parse<V>(parsing: Promise<V>, text: string): Promise<ParsedText<V>> {
    const { industries: ofText, roleCategories } = this.#namespaces;
    const [parsed, { industries }, { category }] = await Promise.all([
      parsing,
      ofText.get(text),
      roleCategories.get(text),
    ]);
    return { parsed, industries, category };
  }
}
