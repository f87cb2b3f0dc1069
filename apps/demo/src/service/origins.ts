import type { ChatClient } from "../origin/chat-client.ts";
import type { EmbeddingClient } from "../origin/embedding-client.ts";
import type { EnrichmentClient } from "../origin/enrichment-client.ts";
import type { IngestionLog } from "../origin/ingestion-log.ts";
import type { JobTable } from "../origin/job-table.ts";
import type { UserDatabase } from "../origin/user-database.ts";

/** Where the truth lives: slow, counted, and where models and companies are asked for, paid for. */
export interface Origins {
  readonly jobs: JobTable;
  readonly users: UserDatabase;
  readonly embeddings: EmbeddingClient;
  /** Evaluations, tailored resumes, parsed texts. */
  readonly language: ChatClient;
  readonly companies: EnrichmentClient;
  /** Which runs of the job feed have written the job table. */
  readonly ingestions: IngestionLog;
}

/** How often the origins were asked so far, and what that cost. */
export interface OriginCalls {
  /** Reads of the Parquet file. */
  readonly tableReads: number;
  /** Queries of the database. */
  readonly queries: number;
  /** HTTP calls to the embedding provider. */
  readonly providerCalls: number;
  /** Texts embedded by them. */
  readonly textsEmbedded: number;
  /** HTTP calls to the language model. */
  readonly completions: number;
  /** HTTP calls to the enrichment provider that were answered. */
  readonly enrichments: number;
  readonly costUsd: number;
}

/** Takes the origins' counters down. */
export function callsOf({ jobs, users, embeddings, language, companies }: Origins): OriginCalls {
  const { calls, texts, costUsd } = embeddings.usage;
  return {
    tableReads: jobs.calls,
    queries: users.calls,
    providerCalls: calls,
    textsEmbedded: texts,
    completions: language.usage.calls,
    enrichments: companies.usage.calls,
    costUsd: costUsd + language.usage.costUsd + companies.usage.costUsd,
  };
}

/** What was called between two readings of the counters. */
export function callsBetween(before: OriginCalls, after: OriginCalls): OriginCalls {
  return {
    tableReads: after.tableReads - before.tableReads,
    queries: after.queries - before.queries,
    providerCalls: after.providerCalls - before.providerCalls,
    textsEmbedded: after.textsEmbedded - before.textsEmbedded,
    completions: after.completions - before.completions,
    enrichments: after.enrichments - before.enrichments,
    costUsd: after.costUsd - before.costUsd,
  };
}
