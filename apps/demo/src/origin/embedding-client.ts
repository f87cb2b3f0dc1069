import { defaultDimensions } from "./embedder.ts";
import { decodeAnswer } from "./embedding-answer.ts";
import { EmbeddingError } from "./embedding-error.ts";
import type { EmbeddingRequestBody } from "./embedding-request.ts";
import type { EmbeddingUsage } from "./embedding-usage.ts";
import { defaultPricePerMillionTokensUsd, EmbeddingMeter } from "./embedding-usage.ts";

/** Which provider to call and how. `embeddingSettings` reads it from the environment. */
export interface EmbeddingClientOptions {
  /** What `/embeddings` is added to, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly model: string;
  /** Sent as a bearer token; no such header when absent. */
  readonly apiKey?: string | undefined;
  /** Asked for, and required of every vector. `@defaultValue` 768 */
  readonly dimensions?: number | undefined;
  /** `@defaultValue` {@link defaultPricePerMillionTokensUsd} */
  readonly pricePerMillionTokensUsd?: number | undefined;
}

/** How many texts one call carries at most; more are sent in several calls, one after the other. */
export const batchSize = 256;

/**
 * Calls an OpenAI-compatible embedding service. Every call goes out: it neither caches nor merges equal texts, and it
 * neither retries nor sets a deadline; whoever calls decides about those.
 */
export class EmbeddingClient {
  readonly #endpoint: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #apiKey: string | undefined;
  readonly #meter: EmbeddingMeter;
  /** The model asked for; part of a vector's identity, so it belongs in a cache key. */
  readonly model: string;
  /** How many numbers each vector has. */
  readonly dimensions: number;

  /** @throws TypeError when the base URL is none or the key cannot stand in a header; its message has neither's secret */
  constructor(options: EmbeddingClientOptions) {
    this.model = options.model;
    this.dimensions = options.dimensions ?? defaultDimensions;
    this.#apiKey = options.apiKey;
    this.#endpoint = endpointOf(options.baseUrl);
    this.#headers = headersFor(options.apiKey);
    this.#meter = new EmbeddingMeter(options.pricePerMillionTokensUsd ?? defaultPricePerMillionTokensUsd);
  }

  /** What the provider has charged this client so far. Failed calls do not count. */
  get usage(): EmbeddingUsage {
    return this.#meter.usage;
  }

  /**
   * Embeds the texts; the vectors come in their order and belong to the caller.
   *
   * @throws EmbeddingError when a call fails; what earlier calls of the same request brought is lost
   * @throws the signal's reason when it is aborted
   */
  async embed(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array<ArrayBuffer>[]> {
    const vectors: Float32Array<ArrayBuffer>[] = [];
    for (let start = 0; start < texts.length; start += batchSize) {
      vectors.push(...(await this.#embedBatch(texts.slice(start, start + batchSize), signal)));
    }
    return vectors;
  }

  async #embedBatch(texts: readonly string[], signal: AbortSignal | undefined) {
    const { model, dimensions } = this;
    const body = await this.#post({ model, input: texts, encoding_format: "base64", dimensions }, signal);
    const { vectors, tokens } = decodeAnswer(body, { texts: texts.length, dimensions });
    this.#meter.count(texts.length, tokens);
    return vectors;
  }

  async #post(request: EmbeddingRequestBody, signal: AbortSignal | undefined): Promise<unknown> {
    signal?.throwIfAborted();
    let status: number | undefined;
    try {
      const init = { method: "POST", headers: this.#headers, body: JSON.stringify(request), signal: signal ?? null };
      // A redirect would carry the texts to a host nobody configured.
      const response = await fetch(this.#endpoint, { ...init, redirect: "error" });
      status = response.status;
      if (!response.ok) throw this.#httpError(status, await response.text());
      return await response.json();
    } catch (cause) {
      signal?.throwIfAborted();
      if (cause instanceof EmbeddingError) throw cause;
      if (cause instanceof SyntaxError) {
        throw new EmbeddingError("BAD_ANSWER", "The embedding provider answered with no JSON", { status });
      }
      throw new EmbeddingError("UNREACHABLE", "The embedding provider did not answer", { status, cause });
    }
  }

  #httpError(status: number, body: string): EmbeddingError {
    // Some providers repeat the key they refuse.
    const shown = this.#apiKey === undefined ? body : body.replaceAll(this.#apiKey, "[key]");
    return new EmbeddingError("HTTP", `The embedding provider answered ${status}: ${shown.slice(0, 300)}`, { status });
  }
}

function endpointOf(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || url.username !== "" || url.password !== "") {
    throw new TypeError("baseUrl must be a URL without user and password");
  }
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/embeddings`;
  return url.href;
}

function headersFor(apiKey: string | undefined): Record<string, string> {
  const headers = { "content-type": "application/json" };
  if (apiKey === undefined) return headers;
  // fetch would quote the whole header in its own error.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw new TypeError("apiKey must be printable ASCII without spaces");
  return { ...headers, authorization: `Bearer ${apiKey}` };
}
