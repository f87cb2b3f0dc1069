import { defaultDimensions } from "./embedder.ts";
import { decodeAnswer } from "./embedding-answer.ts";
import type { EmbeddingRequestBody } from "./embedding-request.ts";
import type { EmbeddingUsage } from "./embedding-usage.ts";
import { defaultPricePerMillionTokensUsd, EmbeddingMeter } from "./embedding-usage.ts";
import { ProviderEndpoint, type ProviderEndpointOptions } from "./provider-endpoint.ts";

/** Which provider to call and how. `embeddingSettings` reads it from the environment. */
export interface EmbeddingClientOptions extends ProviderEndpointOptions {
  readonly model: string;
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
  readonly #endpoint: ProviderEndpoint;
  readonly #meter: EmbeddingMeter;
  /** The model asked for; part of a vector's identity, so it belongs in a cache key. */
  readonly model: string;
  /** How many numbers each vector has. */
  readonly dimensions: number;

  /** @throws TypeError when the base URL is none or the key cannot stand in a header; its message has neither's secret */
  constructor(options: EmbeddingClientOptions) {
    this.model = options.model;
    this.dimensions = options.dimensions ?? defaultDimensions;
    this.#endpoint = new ProviderEndpoint("embedding", options);
    this.#meter = new EmbeddingMeter(options.pricePerMillionTokensUsd ?? defaultPricePerMillionTokensUsd);
  }

  /** What the provider has charged this client so far. Failed calls do not count. */
  get usage(): EmbeddingUsage {
    return this.#meter.usage;
  }

  /**
   * Embeds the texts; the vectors come in their order and belong to the caller.
   *
   * @throws ProviderError when a call fails; what earlier calls of the same request brought is lost
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
    const request: EmbeddingRequestBody = { model, input: texts, encoding_format: "base64", dimensions };
    const body = await this.#endpoint.call("embeddings", { body: request, signal });
    const { vectors, tokens } = decodeAnswer(body, { texts: texts.length, dimensions });
    this.#meter.count(texts.length, tokens);
    return vectors;
  }
}
