import { batchSize } from "../origin/embedding-client.ts";
import { feedFilterKey } from "../origin/job-filter.ts";
import type { EmbeddingRequest, FeedRequest, MatchSession, RequestSequences } from "./request-sequence.ts";

/** What a sequence asks of an origin without a cache and with one. */
export interface Saving {
  readonly without: number;
  readonly with: number;
  /** 0 to 1: the part of the calls the cache takes away. Below 0 if it adds some. */
  readonly savedShare: number;
}

/** What an ideal cache saves of the given sequences. */
export interface ExpectedSavings {
  /** Reads of the Parquet file for pages of the feed. */
  readonly feedReads: Saving;
  /** Computations of lists of top matches alone. */
  readonly matchLists: Saving;
  /** Computations of lists and scores, where computing a list also stores the scores of its twenty jobs. */
  readonly matchComputations: Saving;
  /** The same, where lists and scores are cached each for itself. */
  readonly matchComputationsSeparately: Saving;
  /** Calls to the provider, where an ingestion embeds all texts first; its calls are counted among those with a cache. */
  readonly embeddingCallsIngested: Saving;
  /** Texts embedded, likewise. */
  readonly embeddingTextsIngested: Saving;
  /** Calls to the provider by a cache that starts empty: a batch with any text missing is a call. */
  readonly embeddingCallsCold: Saving;
  /** Texts embedded, likewise. */
  readonly embeddingTextsCold: Saving;
}

/** How much an ingestion embeds before the first request. */
export interface IngestedCorpus {
  /** Jobs and resumes together. */
  readonly texts: number;
}

/**
 * Replays the sequences against sets instead of caches: nothing expires, nothing is evicted, no two requests run at
 * once. A real run can come close to these figures but not pass them, so they belong beside what it measures.
 *
 * About matches: every computation reads the Parquet file once and calls the provider once. In two hundred sessions
 * about every second list belongs to a user seen for the first time; most of what is saved are the scores opened from
 * a list, which are known since the list was made.
 *
 * About embeddings: a request's hundred jobs follow Zipf's law over the whole catalogue, so nearly every batch holds
 * some job nobody asked for before. A cache that starts empty therefore saves most texts and hardly any calls. Calls
 * are saved once vectors are made where texts enter, at ingestion, as the users' documents do on every saved profile:
 * then only an edited resume costs one.
 */
export function expectedSavings(sequences: RequestSequences, corpus: IngestedCorpus): ExpectedSavings {
  const { feed, match, embedding } = sequences;
  const ingested = replayEmbeddings(embedding, "ingested");
  const cold = replayEmbeddings(embedding, "cold");
  const calls = embedding.length;
  const texts = embedding.reduce((sum, request) => sum + 1 + request.jobIds.length, 0);
  return {
    feedReads: saving(feed.length, replayFeed(feed)),
    ...matchSavings(match),
    embeddingCallsIngested: saving(calls, Math.ceil(corpus.texts / batchSize) + ingested.calls),
    embeddingTextsIngested: saving(texts, corpus.texts + ingested.texts),
    embeddingCallsCold: saving(calls, cold.calls),
    embeddingTextsCold: saving(texts, cold.texts),
  };
}

function replayFeed(requests: readonly FeedRequest[]): number {
  return new Set(requests.map(({ filter, page }) => `${feedFilterKey(filter)}:${page}`)).size;
}

function matchSavings(
  sessions: readonly MatchSession[],
): Pick<ExpectedSavings, "matchLists" | "matchComputations" | "matchComputationsSeparately"> {
  const requests = sessions.reduce((sum, session) => sum + 1 + session.scoreRanks.length, 0);
  const lists = new Set(sessions.map((session) => session.userId)).size;
  const scores = new Set(sessions.flatMap(({ userId, scoreRanks }) => scoreRanks.map((rank) => `${userId}:${rank}`)))
    .size;
  return {
    matchLists: saving(sessions.length, lists),
    matchComputations: saving(requests, lists),
    matchComputationsSeparately: saving(requests, lists + scores),
  };
}

function replayEmbeddings(
  requests: readonly EmbeddingRequest[],
  start: "cold" | "ingested",
): { calls: number; texts: number } {
  const seen = new Set<string>();
  let calls = 0;
  let texts = 0;
  for (const { userId, jobIds, resumeEdits } of requests) {
    const resumeMissing = start === "cold" || resumeEdits > 0 ? [`resume:${userId}:${resumeEdits}`] : [];
    const jobsMissing = start === "cold" ? jobIds.map((id) => `job:${id}`) : [];
    const missing = [...resumeMissing, ...jobsMissing].filter((key) => !seen.has(key));
    for (const key of missing) seen.add(key);
    if (missing.length > 0) calls += 1;
    texts += missing.length;
  }
  return { calls, texts };
}

function saving(without: number, withCache: number): Saving {
  return { without, with: withCache, savedShare: without === 0 ? 0 : 1 - withCache / without };
}
