import type { CompanyEnrichment } from "./company-enrichment.ts";
import { companyEnrichmentSchema } from "./company-enrichment.ts";
import { ProviderEndpoint, type ProviderEndpointOptions } from "./provider-endpoint.ts";
import { ProviderError } from "./provider-error.ts";

/** What calls for companies have used up so far. */
export interface EnrichmentUsage {
  /** Calls that were answered. */
  readonly calls: number;
  /** Calls that were not. */
  readonly failures: number;
  readonly costUsd: number;
}

/** In US dollars: what one answer costs. */
const pricePerCallUsd = 0.05;

/** Asks for what is known of companies. Every call goes out. */
export class EnrichmentClient {
  readonly #endpoint: ProviderEndpoint;
  #calls = 0;
  #failures = 0;

  /** @throws TypeError when the base URL is none or the key cannot stand in a header */
  constructor(options: ProviderEndpointOptions) {
    this.#endpoint = new ProviderEndpoint("enrichment", options);
  }

  /** What was used so far. */
  get usage(): EnrichmentUsage {
    return { calls: this.#calls, failures: this.#failures, costUsd: this.#calls * pricePerCallUsd };
  }

  /**
   * What is known of a company; `undefined` for one that the provider does not know.
   *
   * @throws ProviderError when the call fails
   * @throws the signal's reason when it is aborted
   */
  async company(id: number, signal?: AbortSignal): Promise<CompanyEnrichment | undefined> {
    try {
      const body = await this.#endpoint.call(`companies/${id}`, { signal });
      const company = companyEnrichmentSchema.safeParse(body);
      if (!company.success) throw this.#endpoint.badAnswer("no company");
      this.#calls += 1;
      return company.data;
    } catch (error) {
      if (error instanceof ProviderError && error.status === 404) {
        this.#calls += 1;
        return undefined;
      }
      this.#failures += 1;
      throw error;
    }
  }
}
