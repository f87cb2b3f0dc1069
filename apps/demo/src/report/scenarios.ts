import { type Corpus, EmbeddingTexts } from "../load/embedding-texts.ts";
import type { RequestSequences } from "../load/request-sequence.ts";
import { batchSize } from "../origin/embedding-client.ts";
import type { JobMatching } from "./job-matching.ts";
import type { Visit } from "./visit.ts";

/** What users need the service for, as requests. */
export interface Scenario {
  readonly name: "match" | "embedding" | "job-feed";
  readonly visits: readonly Visit[];
  /** How many of them are made without a cache, from the first on. */
  readonly visitsWithout: number;
  /** The namespaces whose hit rates tell how well the cache serves it: those that answer its requests. */
  readonly namespaces: readonly string[];
  /**
   * What a service with a cache does before the first request, where the application would: its calls to the origins
   * are counted among those with a cache.
   */
  readonly ingest?: (service: JobMatching) => Promise<void>;
}

/** The three scenarios over the same data, each a plain list of visits. */
export function scenariosOf(sequences: RequestSequences, corpus: Corpus): readonly Scenario[] {
  const texts = new EmbeddingTexts(corpus);
  return [
    {
      name: "match",
      visitsWithout: 12,
      namespaces: ["match", "matches"],
      visits: sequences.match.map(({ userId, scoreRanks }) => async (ask) => {
        const list = (await ask((service) => service.topMatches(userId))) ?? [];
        for (const rank of scoreRanks) {
          const match = list[rank - 1];
          if (match !== undefined) await ask((service) => service.matchScore(userId, match.jobId));
        }
      }),
    },
    {
      name: "embedding",
      visitsWithout: 60,
      namespaces: ["embed"],
      visits: sequences.embedding.map((request) => async (ask) => {
        await ask((service) => service.embeddings(texts.of(request)));
      }),
      ingest: (service) => ingestTexts(service, texts.all()),
    },
    {
      name: "job-feed",
      visitsWithout: 60,
      namespaces: ["jobs"],
      visits: sequences.feed.map(({ filter, page }) => async (ask) => {
        await ask((service) => service.feedPage(filter, page));
      }),
    },
  ];
}

async function ingestTexts(service: JobMatching, texts: readonly string[]): Promise<void> {
  for (let from = 0; from < texts.length; from += batchSize) {
    await service.embeddings(texts.slice(from, from + batchSize));
  }
}
