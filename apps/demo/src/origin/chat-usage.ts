/** What calls for texts have used up so far. */
export interface ChatUsage {
  /** Successful HTTP calls. */
  readonly calls: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Tokens times price, in US dollars. */
  readonly costUsd: number;
}

/** In US dollars a million tokens. */
export interface ChatPrice {
  readonly prompt: number;
  readonly completion: number;
}

/** What OpenAI asks for `gpt-4o-mini`. */
export const defaultChatPrice: ChatPrice = { prompt: 0.15, completion: 0.6 };

/** Adds up what calls for texts use. */
export class ChatMeter {
  readonly #price: ChatPrice;
  #calls = 0;
  #promptTokens = 0;
  #completionTokens = 0;

  /** @throws RangeError for a price that is not 0 or more */
  constructor(price: ChatPrice = defaultChatPrice) {
    for (const [name, value] of Object.entries(price)) {
      if (!Number.isFinite(value) || value < 0) throw new RangeError(`price.${name} must be 0 or more, not ${value}`);
    }
    this.#price = price;
  }

  /** Counts one call. */
  count(promptTokens: number, completionTokens: number): void {
    this.#calls += 1;
    this.#promptTokens += promptTokens;
    this.#completionTokens += completionTokens;
  }

  /** The sums so far; not changed by later calls. */
  get usage(): ChatUsage {
    const costUsd =
      (this.#promptTokens * this.#price.prompt + this.#completionTokens * this.#price.completion) / 1_000_000;
    return {
      calls: this.#calls,
      promptTokens: this.#promptTokens,
      completionTokens: this.#completionTokens,
      costUsd,
    };
  }
}
