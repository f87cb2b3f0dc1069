/** What calls for embeddings have used up so far. */
export interface EmbeddingUsage {
  /** Successful HTTP calls. */
  readonly calls: number;
  /** Texts embedded by them. */
  readonly texts: number;
  /** Tokens billed for them. */
  readonly tokens: number;
  /** Tokens times price, in US dollars. */
  readonly costUsd: number;
}

/** In US dollars: what OpenAI asks for `text-embedding-3-small`. */
export const defaultPricePerMillionTokensUsd = 0.02;

/** Adds up what calls for embeddings use. */
export class EmbeddingMeter {
  readonly #pricePerMillionTokensUsd: number;
  #calls = 0;
  #texts = 0;
  #tokens = 0;

  /**
   * @param pricePerMillionTokensUsd 0 or more
   * @throws RangeError for any other price
   */
  constructor(pricePerMillionTokensUsd: number) {
    if (!Number.isFinite(pricePerMillionTokensUsd) || pricePerMillionTokensUsd < 0) {
      throw new RangeError(`pricePerMillionTokensUsd must be 0 or more, not ${pricePerMillionTokensUsd}`);
    }
    this.#pricePerMillionTokensUsd = pricePerMillionTokensUsd;
  }

  /** Counts one call. */
  count(texts: number, tokens: number): void {
    this.#calls += 1;
    this.#texts += texts;
    this.#tokens += tokens;
  }

  /** The sums so far; not changed by later calls. */
  get usage(): EmbeddingUsage {
    const costUsd = (this.#tokens / 1_000_000) * this.#pricePerMillionTokensUsd;
    return { calls: this.#calls, texts: this.#texts, tokens: this.#tokens, costUsd };
  }
}
