import { createHash } from "node:crypto";
import { type Cache, hours, type LoadingNamespace, minutes, type Serializer } from "@tiercache/core";
import type { CompanyEnrichment } from "../../origin/company-enrichment.ts";
import { companyEnrichmentSchema } from "../../origin/company-enrichment.ts";
import type { Job } from "../../origin/job.ts";
import type {
  Domains,
  Evaluation,
  Industries,
  LanguageTask,
  ParsedAd,
  ParsedCv,
  RoleCategory,
  TailoredResume,
} from "../../origin/language-task.ts";
import { languageTasks } from "../../origin/language-task.ts";
import type { Resume } from "../../origin/resume.ts";
import type { Origins } from "../origins.ts";
import { tags } from "../tags.ts";
import type { NamespaceName } from "./lifetimes.ts";
import type { PeopleSettings } from "./people-namespaces.ts";

/** What is bought from others: slow, dear, and kept for long, so that what comes back is asked of a schema. */
export interface BoughtNamespaces {
  readonly evaluations: LoadingNamespace<[job: Job, resume: Resume], Evaluation>;
  readonly tailored: LoadingNamespace<[job: Job, resume: Resume], TailoredResume>;
  readonly parsedAds: LoadingNamespace<[text: string], ParsedAd>;
  readonly parsedCvs: LoadingNamespace<[text: string], ParsedCv>;
  readonly industries: LoadingNamespace<[text: string], Industries>;
  readonly roleCategories: LoadingNamespace<[text: string], RoleCategory>;
  readonly domains: LoadingNamespace<[query: string], Domains>;
  readonly companies: LoadingNamespace<[id: number], CompanyEnrichment | undefined>;
}

/** Declares them. */
export function boughtNamespaces(cache: Cache, origins: Origins, settings: PeopleSettings): BoughtNamespaces {
  const { language } = origins;
  const { personal, ttlOf } = settings;

  /** {name}:{jobId}:{hash of the resume}; ends with the job and with the resume */
  const ofJobAndResume = <V>(name: NamespaceName, task: LanguageTask<V>): LoadingNamespace<[Job, Resume], V> =>
    cache.namespace(name, {
      key: (job: Job, resume: Resume) => [job.id, hashOf(resumeText(resume))],
      tags: (job, resume) => [tags.job(job.id), tags.resume(resume.userId)],
      load: (job, resume, { signal }) => language.complete(task, { job, resume }, signal),
      schema: task.schema,
      ttlMs: ttlOf(name),
      serializer: personal,
    });

  /** {name}:{hash of the text}; another text is another key */
  const ofText = <V>(name: NamespaceName, { task, serializer }: TextFamily<V>): LoadingNamespace<[string], V> =>
    cache.namespace(name, {
      key: (text: string) => [hashOf(text)],
      load: (text, { signal }) => language.complete(task, { text }, signal),
      schema: task.schema,
      ttlMs: ttlOf(name),
      ...(serializer && { serializer }),
    });

  return {
    evaluations: ofJobAndResume("eval", languageTasks.evaluation),
    tailored: ofJobAndResume("tailor", languageTasks.tailoredResume),
    parsedAds: ofText("parsed-ad", { task: languageTasks.parsedAd }),
    parsedCvs: ofText("parsed-cv", { task: languageTasks.parsedCv, serializer: personal }),
    industries: ofText("industries", { task: languageTasks.industries }),
    roleCategories: ofText("role-category", { task: languageTasks.roleCategory }),
    // domains:{query}
    domains: cache.namespace("domains", {
      key: (query: string) => [query.trim().toLowerCase()],
      load: (query, { signal }) => language.complete(languageTasks.domains, { query }, signal),
      schema: languageTasks.domains.schema,
      ttlMs: ttlOf("domains"),
      staleIfErrorMs: hours(1),
    }),
    companies: companyNamespace(cache, origins, settings),
  };
}

/** Its provider fails now and then: what is out of date answers then, and what is in use is refreshed before its end. */
function companyNamespace(
  cache: Cache,
  { companies }: Origins,
  { ttlOf }: PeopleSettings,
): BoughtNamespaces["companies"] {
  // company:{id}:enrichment
  return cache.namespace("company", {
    key: (id: number) => [id, "enrichment"],
    tags: (id) => [tags.company(id)],
    load: (id, { signal }) => companies.company(id, signal),
    schema: companyEnrichmentSchema.optional(),
    ttlMs: ttlOf("company"),
    negativeTtlMs: minutes(5),
    refreshAhead: 0.9,
    staleWhileRevalidateMs: hours(24),
    staleIfErrorMs: ttlOf("company"),
    target: { hitRate: 0.9 },
  });
}

interface TextFamily<V> {
  readonly task: LanguageTask<V>;
  /** @defaultValue the cache's */
  readonly serializer?: Serializer;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** All that an evaluation is made of. */
function resumeText({ city, yearsOfExperience, skills, text }: Resume): string {
  return JSON.stringify([city, yearsOfExperience, skills, text]);
}
