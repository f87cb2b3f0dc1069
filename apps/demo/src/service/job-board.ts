import type { Reading } from "@tiercache/core";
import type { Configuration } from "../origin/configuration.ts";
import type { Job } from "../origin/job.ts";
import type { JobFilter } from "../origin/job-filter.ts";
import type { FeedPage } from "../origin/job-table.ts";
import type { UserDatabase } from "../origin/user-database.ts";
import type { Happened } from "./events.ts";
import type { Namespaces } from "./namespaces.ts";
import type { Statistics } from "./statistics.ts";
import type { Wish } from "./wish.ts";

/** What everybody sees. */
export class JobBoard {
  readonly #namespaces: Namespaces;
  readonly #users: UserDatabase;
  readonly #happened: Happened;

  constructor(namespaces: Namespaces, users: UserDatabase, happened: Happened) {
    this.#namespaces = namespaces;
    this.#users = users;
    this.#happened = happened;
  }

  /** A page of the feed, newest first. @param page - Counted from 1. */
  feedPage(filter: JobFilter, page: number, wish?: Wish): Promise<Reading<FeedPage>> {
    return this.#namespaces.feed.read([filter, page], wish);
  }

  /** A job; of `undefined` where there is none of that id. */
  job(id: number, wish?: Wish): Promise<Reading<Job | undefined>> {
    return this.#namespaces.jobs.read(id, wish);
  }

  /** The 100 jobs that were opened most. */
  popular(wish?: Wish): Promise<Reading<readonly Job[]>> {
    return this.#namespaces.popular.read([], wish);
  }

  /** What there is, in numbers. */
  statistics(wish?: Wish): Promise<Reading<Statistics>> {
    return this.#namespaces.statistics.read([], wish);
  }

  /** What operators have set. */
  configuration(wish?: Wish): Promise<Reading<Configuration>> {
    return this.#namespaces.configuration.read([], wish);
  }

  /** Sets it. */
  async configure(configuration: Configuration): Promise<Configuration> {
    const stored = this.#users.updateConfiguration(configuration);
    await this.#happened("configuration.changed");
    return stored;
  }
}
