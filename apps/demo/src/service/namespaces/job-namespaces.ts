import type { Cache, LoadingNamespace } from "@tiercache/core";
import type { Configuration } from "../../origin/configuration.ts";
import type { Job } from "../../origin/job.ts";
import { feedFilterKey, type JobFilter } from "../../origin/job-filter.ts";
import type { FeedPage } from "../../origin/job-table.ts";
import type { Origins } from "../origins.ts";
import { popularJobs, type Statistics, statisticsOf } from "../statistics.ts";
import { tags } from "../tags.ts";
import type { TtlOf } from "./lifetimes.ts";

/** Jobs, and what is counted of them and their users. */
export interface JobNamespaces {
  readonly feed: LoadingNamespace<[filter: JobFilter, page: number], FeedPage>;
  readonly jobs: LoadingNamespace<[id: number], Job | undefined>;
  readonly popular: LoadingNamespace<[], readonly Job[]>;
  readonly statistics: LoadingNamespace<[], Statistics>;
  readonly configuration: LoadingNamespace<[], Configuration>;
}

/** Declares them. */
export function jobNamespaces(cache: Cache, { jobs, users }: Origins, ttlOf: TtlOf): JobNamespaces {
  return {
    // jobs:{filter}:{page}
    feed: cache.namespace("jobs", {
      key: (filter: JobFilter, page: number) => [feedFilterKey(filter), page],
      tags: () => [tags.feed, tags.feedPages],
      load: (filter, page) => jobs.feedPage(filter, page),
      ttlMs: ttlOf("jobs"),
    }),
    // job:{id}
    jobs: cache.namespace("job", {
      key: (id: number) => [id],
      tags: (id) => [tags.job(id), tags.feed],
      load: (id) => jobs.job(id),
      loadMany: (keys) => jobs.jobs(keys.map(([id]) => id)),
      ttlMs: ttlOf("job"),
      hotKeys: true,
    }),
    // popular:projects
    popular: cache.namespace("popular", {
      key: () => ["projects"],
      tags: () => [tags.popular],
      load: () => popularJobs(jobs),
      ttlMs: ttlOf("popular"),
    }),
    // stats:overview
    statistics: cache.namespace("stats", {
      key: () => ["overview"],
      tags: () => [tags.statistics],
      load: () => statisticsOf(jobs, users),
      ttlMs: ttlOf("stats"),
    }),
    // config:service
    configuration: cache.namespace("config", {
      key: () => ["service"],
      tags: () => [tags.configuration],
      load: () => users.configuration(),
      ttlMs: ttlOf("config"),
    }),
  };
}
