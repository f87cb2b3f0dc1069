/**
 * Why a provider gave nothing: `HTTP`, it answered with an error status (429 where it was called too often); `UNREACHABLE`, it did
 * not answer; `BAD_ANSWER`, it answered with something that is not what was asked for.
 */
export type ProviderErrorCode = "HTTP" | "UNREACHABLE" | "BAD_ANSWER";

/** A call to a paid provider that failed. Its message never contains the API key. */
export class ProviderError extends Error {
  readonly code: ProviderErrorCode;
  /** The HTTP status; `undefined` when the provider did not answer. */
  readonly status: number | undefined;

  /** @param options what else is known: the status and the error underneath */
  constructor(code: ProviderErrorCode, message: string, options: ProviderErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ProviderError";
    this.code = code;
    this.status = options.status;
  }
}

/** What a {@link ProviderError} may carry along. */
export interface ProviderErrorOptions {
  readonly status?: number | undefined;
  readonly cause?: unknown;
}
