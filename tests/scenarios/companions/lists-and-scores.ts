import type { Cache, CacheOptions, LoadingNamespace } from "@tiercache/core";
import type { ChaosTier } from "@tiercache/testing";
import { FencedFleet } from "../fence/fenced-fleet.ts";

/** How an origin rates jobs for a user. */
export interface Score {
  readonly jobId: number;
  readonly version: number;
}

/** One process of {@link ListsAndScores}. */
export interface ListingProcess {
  readonly cache: Cache;
  readonly tier: ChaosTier;
  /** Scores by user and job, each with a tag of the user and one of the job. */
  readonly scores: LoadingNamespace<[userId: number, jobId: number], Score>;
  /** A user's scores of jobs 1 and 2, each of which is kept by itself too. */
  readonly lists: LoadingNamespace<[userId: number], readonly Score[]>;
}

/** Processes that share one server with a fence and a bus, and cache lists whose loader learns what the elements are. */
export class ListsAndScores extends FencedFleet {
  /** What the origin has. */
  version = 1;
  /** How often a score was loaded by itself. */
  scoreLoads = 0;
  #holding = false;
  readonly #held: (() => void)[] = [];

  /** From now on lists wait once they have read the origin. */
  holdLists(): void {
    this.#holding = true;
  }

  /** Lets them all go on, and later ones too. */
  async releaseLists(): Promise<void> {
    this.#holding = false;
    for (const goOn of this.#held.splice(0)) goOn();
    await this.settled();
  }

  /** One more process, which has begun to listen a while ago. */
  async listing(options: Partial<CacheOptions> = {}): Promise<ListingProcess> {
    const { cache, tier } = this.process(options);
    const namespaces = this.declared(cache);
    await this.settled();
    this.clock.advance(1);
    return { cache, tier, ...namespaces };
  }

  /** Declares both kinds of values. */
  declared(cache: Cache): Pick<ListingProcess, "scores" | "lists"> {
    const scores = cache.namespace("score", {
      key: (userId: number, jobId: number) => [userId, jobId],
      tags: (userId, jobId) => [`user:${userId}`, `job:${jobId}`],
      load: async (_userId, jobId): Promise<Score> => {
        this.scoreLoads++;
        return { jobId, version: this.version };
      },
    });
    const lists = cache.namespace("list", {
      key: (userId: number) => [userId],
      tags: (userId) => [`user:${userId}`, "lists"],
      load: async (userId, { keepAlso }): Promise<readonly Score[]> => {
        const { version } = this;
        if (this.#holding) await new Promise<void>((goOn) => this.#held.push(goOn));
        const list = [1, 2].map((jobId) => ({ jobId, version }));
        for (const score of list) keepAlso(scores, [userId, score.jobId], score);
        return list;
      },
    });
    return { scores, lists };
  }
}
