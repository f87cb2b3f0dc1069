import type { EmbeddingClient } from "../origin/embedding-client.ts";
import type { JobTable } from "../origin/job-table.ts";
import type { UserDatabase } from "../origin/user-database.ts";

/** Where the truth lives: slow, counted, and in the embeddings' case paid for. */
export interface Origins {
  readonly jobs: JobTable;
  readonly users: UserDatabase;
  readonly embeddings: EmbeddingClient;
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
  readonly costUsd: number;
}

/** Takes the origins' counters down. */
export function callsOf({ jobs, users, embeddings }: Origins): OriginCalls {
  const { calls, texts, costUsd } = embeddings.usage;
  return { tableReads: jobs.calls, queries: users.calls, providerCalls: calls, textsEmbedded: texts, costUsd };
}

/** What was called between two readings of the counters. */
export function callsBetween(before: OriginCalls, after: OriginCalls): OriginCalls {
  return {
    tableReads: after.tableReads - before.tableReads,
    queries: after.queries - before.queries,
    providerCalls: after.providerCalls - before.providerCalls,
    textsEmbedded: after.textsEmbedded - before.textsEmbedded,
    costUsd: after.costUsd - before.costUsd,
  };
}
