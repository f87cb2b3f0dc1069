import type { Cache } from "@tiercache/core";
import { MatchDesk } from "./match-desk.ts";
import { type BoughtNamespaces, boughtNamespaces } from "./namespaces/bought-namespaces.ts";
import { type JobNamespaces, jobNamespaces } from "./namespaces/job-namespaces.ts";
import {
  type Embeddings,
  embeddingNamespace,
  type MatchNamespaces,
  matchNamespaces,
} from "./namespaces/match-namespaces.ts";
import { type PeopleNamespaces, type PeopleSettings, peopleNamespaces } from "./namespaces/people-namespaces.ts";
import type { Origins } from "./origins.ts";

/**
 * Everything the service caches, one declaration a key family, by subject in `namespaces/`; how long it lives in
 * `namespaces/lifetimes.ts`; what ends it in `events.ts`.
 */
export interface Namespaces extends JobNamespaces, PeopleNamespaces, MatchNamespaces, BoughtNamespaces {
  readonly embeddings: Embeddings;
}

/** Declares all of it over a cache. */
export function declareNamespaces(cache: Cache, origins: Origins, settings: PeopleSettings): Namespaces {
  const { ttlOf } = settings;
  const jobs = jobNamespaces(cache, origins, ttlOf);
  const people = peopleNamespaces(cache, origins, settings);
  const embeddings = embeddingNamespace(cache, origins, ttlOf);
  // A match is made of what is cached itself.
  const desk = new MatchDesk({
    allJobs: () => origins.jobs.listAll(),
    jobs: (ids) => jobs.jobs.getMany(ids),
    resume: (userId) => people.resumes.get(userId),
    preferences: (userId) => people.preferences.get(userId),
    vectors: (texts) => embeddings.getMany(texts),
  });
  return {
    ...jobs,
    ...people,
    embeddings,
    ...matchNamespaces(cache, desk, ttlOf),
    ...boughtNamespaces(cache, origins, settings),
  };
}
