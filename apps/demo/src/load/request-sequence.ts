import type { JobFilter } from "../origin/job-filter.ts";
import { SeededRandom } from "../origin/random.ts";
import { popularFilters, popularPageCount } from "./popular-filters.ts";
import { ZipfSampler } from "./zipf.ts";

/** Somebody opens a page of the feed. */
export interface FeedRequest {
  readonly filter: JobFilter;
  /** Counted from 1. */
  readonly page: number;
}

/** A user opens the top matches and then the scores of some of them, in this order. */
export interface MatchSession {
  readonly userId: number;
  /** Places on the list just opened, counted from 1; the same one may come twice. */
  readonly scoreRanks: readonly number[];
}

/** A page of candidates is scored: the resume and each job need their vector. */
export interface EmbeddingRequest {
  readonly userId: number;
  /** All different. */
  readonly jobIds: readonly number[];
  /** How often the user has edited the resume by now; each edit is another text. */
  readonly resumeEdits: number;
}

/** The requests of the three scenarios, as plain data. */
export interface RequestSequences {
  readonly feed: readonly FeedRequest[];
  readonly match: readonly MatchSession[];
  readonly embedding: readonly EmbeddingRequest[];
}

/** How many requests, over how much data. */
export interface SequenceOptions {
  /** `@defaultValue` 1 */
  readonly seed?: number | undefined;
  /** The ids 1 to this are asked for; `@defaultValue` 5_000 */
  readonly jobCount?: number | undefined;
  /** `@defaultValue` 1_000 */
  readonly userCount?: number | undefined;
  /** `@defaultValue` 400 */
  readonly feedRequests?: number | undefined;
  /** `@defaultValue` 200 */
  readonly matchSessions?: number | undefined;
  /** `@defaultValue` 600 */
  readonly embeddingRequests?: number | undefined;
}

/*
 * The lengths are the longest that a run without any cache gets through in about half a minute on two slow cores, at
 * one whole Parquet file a feed request. Longer runs would only raise the hit rates: these are cold starts.
 */
const defaults = {
  seed: 1,
  jobCount: 5_000,
  userCount: 1_000,
  feedRequests: 400,
  matchSessions: 200,
  embeddingRequests: 600,
};

/** Scores opened in a session: two to six, four on average. */
const scoresPerSession = { minimum: 2, maximum: 6 } as const;

/** How long a list of top matches is, and so how many ranks can be opened. */
const listLength = 20;

const jobsPerEmbeddingRequest = 100;

/** Every how many embedding requests a user has edited the resume just before. */
const requestsPerResumeEdit = 40;

/** Makes the sequences. Equal options give equal sequences, so that runs with and without a cache do the same work. */
export function requestSequences(options: SequenceOptions = {}): RequestSequences {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved = { ...defaults, ...given };
  return { feed: feedRequests(resolved), match: matchSessions(resolved), embedding: embeddingRequests(resolved) };
}

type ResolvedOptions = typeof defaults;

function feedRequests(options: ResolvedOptions): FeedRequest[] {
  const random = new SeededRandom(options.seed, "load/feed");
  const filters = new ZipfSampler(popularFilters.length);
  const pages = new ZipfSampler(popularPageCount);
  return Array.from({ length: options.feedRequests }, () => ({
    filter: popularFilters[filters.sample(random) - 1] ?? {},
    page: pages.sample(random),
  }));
}

function matchSessions(options: ResolvedOptions): MatchSession[] {
  const random = new SeededRandom(options.seed, "load/match");
  const users = popularity(random, options.userCount);
  const ranks = new ZipfSampler(listLength);
  return Array.from({ length: options.matchSessions }, () => {
    const userId = users();
    const length = random.integer(scoresPerSession.minimum, scoresPerSession.maximum);
    return { userId, scoreRanks: Array.from({ length }, () => ranks.sample(random)) };
  });
}

function embeddingRequests(options: ResolvedOptions): EmbeddingRequest[] {
  const random = new SeededRandom(options.seed, "load/embedding");
  const users = popularity(random, options.userCount);
  const jobs = new ZipfSampler(options.jobCount);
  const jobIds = shuffledIds(random, options.jobCount);
  const jobsPerRequest = Math.min(jobsPerEmbeddingRequest, options.jobCount);
  const edits = new Map<number, number>();
  return Array.from({ length: options.embeddingRequests }, (_, index) => {
    const userId = users();
    const edited = (index + 1) % requestsPerResumeEdit === 0 ? 1 : 0;
    const resumeEdits = (edits.get(userId) ?? 0) + edited;
    edits.set(userId, resumeEdits);
    const ranks = jobs.sampleDistinct(random, jobsPerRequest);
    return { userId, jobIds: ranks.map((rank) => jobIds[rank - 1] as number), resumeEdits };
  });
}

/** Draws ids by Zipf's law, where who is popular has nothing to do with the id. */
function popularity(random: SeededRandom, count: number): () => number {
  const sampler = new ZipfSampler(count);
  const ids = shuffledIds(random, count);
  return () => ids[sampler.sample(random) - 1] as number;
}

function shuffledIds(random: SeededRandom, count: number): number[] {
  return random.sample(
    Array.from({ length: count }, (_, index) => index + 1),
    count,
  );
}
