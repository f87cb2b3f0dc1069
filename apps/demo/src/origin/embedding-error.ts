/**
 * Why there are no embeddings: `HTTP`, the provider answered with an error status; `UNREACHABLE`, it did not answer;
 * `BAD_ANSWER`, it answered with something that is not the embeddings asked for.
 */
export type EmbeddingErrorCode = "HTTP" | "UNREACHABLE" | "BAD_ANSWER";

/** A call for embeddings that failed. Its message never contains the API key. */
export class EmbeddingError extends Error {
  readonly code: EmbeddingErrorCode;
  /** The HTTP status; `undefined` when the provider did not answer. */
  readonly status: number | undefined;

  /** @param options what else is known: the status and the error underneath */
  constructor(code: EmbeddingErrorCode, message: string, options: EmbeddingErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "EmbeddingError";
    this.code = code;
    this.status = options.status;
  }
}

/** What an {@link EmbeddingError} may carry along. */
export interface EmbeddingErrorOptions {
  readonly status?: number | undefined;
  readonly cause?: unknown;
}
