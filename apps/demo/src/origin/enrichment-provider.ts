import { Hono } from "hono";
import type { CompanyEnrichment } from "./company-enrichment.ts";
import type { ProviderConductOptions } from "./provider-conduct.ts";
import { ProviderConduct } from "./provider-conduct.ts";
import { ProviderServer } from "./provider-server.ts";

/** A stand-in for a service that sells what it knows of companies, which fails now and then. */
export class EnrichmentProvider {
  /** How it behaves; may be changed while it runs. */
  readonly conduct: ProviderConduct;
  readonly #known: Map<number, CompanyEnrichment>;
  #server: ProviderServer | undefined;

  private constructor(known: ReadonlyMap<number, CompanyEnrichment>, conduct: Partial<ProviderConductOptions>) {
    this.#known = new Map(known);
    const usual = { latencyMs: 60, failureRate: 0.1, callsPerMinute: Number.POSITIVE_INFINITY };
    this.conduct = new ProviderConduct({ ...usual, ...conduct });
  }

  /**
   * Starts the server on a free port of 127.0.0.1; it speaks `GET /v1/companies/{id}`.
   *
   * @param conduct `@defaultValue` 60 ms a call, one call in ten fails, no limit
   */
  static async start(
    known: ReadonlyMap<number, CompanyEnrichment>,
    conduct: Partial<ProviderConductOptions> = {},
  ): Promise<EnrichmentProvider> {
    const provider = new EnrichmentProvider(known, conduct);
    provider.#server = await ProviderServer.start(provider.#app());
    return provider;
  }

  /** The base URL for clients, ending in `/v1`. */
  get url(): string {
    return this.#server?.url ?? "";
  }

  /** Lets it learn something about a company. @returns whether it knows that one */
  learn(companyId: number): boolean {
    const known = this.#known.get(companyId);
    if (known === undefined) return false;
    this.#known.set(companyId, { ...known, employees: known.employees + 1, version: known.version + 1 });
    return true;
  }

  /** Stops listening and cuts the connections still open. */
  async close(): Promise<void> {
    await this.#server?.close();
  }

  #app(): Hono {
    const app = new Hono();
    app.get("/v1/companies/:id{[0-9]+}", async (context) => {
      const refusal = this.conduct.refusal();
      if (refusal !== undefined) {
        context.header("retry-after", String(refusal.retryAfterSeconds));
        return context.json({ error: refusal.message }, refusal.status);
      }
      await this.conduct.takeTime(0, context.req.raw.signal);
      const known = this.#known.get(Number(context.req.param("id")));
      return known === undefined ? context.json({ error: "There is no such company" }, 404) : context.json(known);
    });
    // What throws is the wait of a call whose client has gone, whose answer nobody reads.
    app.onError((_error, context) => context.json({ error: "The call was cut short" }, 500));
    return app;
  }
}
