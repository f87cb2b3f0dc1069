import type { JobFilter } from "../origin/job-filter.ts";
import { SeededRandom } from "../origin/random.ts";
import { popularFilters, popularPageCount } from "./popular-filters.ts";
import { ZipfSampler } from "./zipf.ts";

/** One thing a visitor does. Every step is at least one request. */
export type VisitStep =
  | { readonly open: "feed"; readonly filter: JobFilter; readonly page: number }
  | { readonly open: "job"; readonly jobId: number }
  /** The list of top matches, then scores from it by their places, counted from 1. */
  | { readonly open: "matches"; readonly scoreRanks: readonly number[] };

/** What one user does in one visit, in this order. */
export interface VisitPlan {
  readonly userId: number;
  readonly steps: readonly VisitStep[];
}

/** Who visits what. */
export interface VisitLaw {
  /** Equal laws give equal plans. @defaultValue 1 */
  readonly seed?: number;
  /** Of Zipf's law over users, jobs, filters and pages. @defaultValue 1 */
  readonly exponent?: number;
  /** The ids 1 to this visit. */
  readonly userCount: number;
  /** The ids 1 to this are looked at. */
  readonly jobCount: number;
}

/** Of twenty-five steps of a visit, which they are on average; looking at the feed is what people do most. */
const mix: readonly VisitStep["open"][] = [
  ...Array.from({ length: 19 }, () => "feed" as const),
  ...Array.from({ length: 5 }, () => "job" as const),
  "matches",
];

const stepsPerVisit = { minimum: 3, maximum: 9 } as const;
const scoresPerList = { minimum: 1, maximum: 4 } as const;
const listLength = 20;

/** Plans visits without an end, by Zipf's law: the load of the live page and of the report alike. */
export class VisitPlanner {
  readonly #random: SeededRandom;
  readonly #user: () => number;
  readonly #job: () => number;
  readonly #filters: ZipfSampler;
  readonly #pages: ZipfSampler;
  readonly #ranks: ZipfSampler;

  /** @throws RangeError for counts below 1 and exponents below 0 */
  constructor({ seed = 1, exponent = 1, userCount, jobCount }: VisitLaw) {
    this.#random = new SeededRandom(seed, "load/visits");
    this.#user = popularity(this.#random, { count: userCount, exponent });
    this.#job = popularity(this.#random, { count: jobCount, exponent });
    this.#filters = new ZipfSampler(popularFilters.length, exponent);
    this.#pages = new ZipfSampler(popularPageCount, exponent);
    this.#ranks = new ZipfSampler(listLength, exponent);
  }

  next(): VisitPlan {
    const userId = this.#user();
    const length = this.#random.integer(stepsPerVisit.minimum, stepsPerVisit.maximum);
    return { userId, steps: Array.from({ length }, () => this.#step()) };
  }

  #step(): VisitStep {
    const random = this.#random;
    const open = random.pick(mix);
    if (open === "job") return { open, jobId: this.#job() };
    if (open === "feed") {
      return { open, filter: popularFilters[this.#filters.sample(random) - 1] ?? {}, page: this.#pages.sample(random) };
    }
    const length = random.integer(scoresPerList.minimum, scoresPerList.maximum);
    return { open, scoreRanks: Array.from({ length }, () => this.#ranks.sample(random)) };
  }
}

/** Draws ids by Zipf's law, where who is popular has nothing to do with the id. */
function popularity(random: SeededRandom, law: { readonly count: number; readonly exponent: number }): () => number {
  const sampler = new ZipfSampler(law.count, law.exponent);
  const ids = random.sample(
    Array.from({ length: law.count }, (_, index) => index + 1),
    law.count,
  );
  return () => ids[sampler.sample(random) - 1] ?? 1;
}
