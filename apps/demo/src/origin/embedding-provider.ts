import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ServerType } from "@hono/node-server";
import { serve } from "@hono/node-server";
import type { Context } from "hono";
import { Hono } from "hono";
import { defaultDimensions, embedText } from "./embedder.ts";
import type { EmbeddingAnswer, EmbeddingRequestBody, ProviderErrorBody } from "./embedding-request.ts";
import { embeddingRequestSchema } from "./embedding-request.ts";
import type { EmbeddingUsage } from "./embedding-usage.ts";
import { defaultPricePerMillionTokensUsd, EmbeddingMeter } from "./embedding-usage.ts";

/** The model the started provider serves. */
export const localModel = "local-feature-hashing-768";

/** How a started provider behaves. */
export interface EmbeddingProviderOptions {
  /** Waited in every call, in ms. `@defaultValue` 20 */
  readonly latencyPerCallMs?: number | undefined;
  /** Waited in every call for each of its texts, in ms. `@defaultValue` 0.2 */
  readonly latencyPerTextMs?: number | undefined;
  /** `@defaultValue` {@link defaultPricePerMillionTokensUsd} */
  readonly pricePerMillionTokensUsd?: number | undefined;
  /** When given, calls without `Authorization: Bearer` and this key are answered with 401. */
  readonly apiKey?: string | undefined;
  /** Waits out the latency; replaced in tests, so that they need not. `@defaultValue` a timer */
  readonly wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/**
 * A stand-in for a paid embedding service: an HTTP server in this process that speaks OpenAI's `POST /v1/embeddings`,
 * takes its time and counts what it would have billed. Its vectors come from `embedText`, whose CPU time this process
 * pays on top of the latency.
 */
export class EmbeddingProvider {
  readonly #server: ServerType;
  readonly #meter: EmbeddingMeter;

  private constructor(server: ServerType, meter: EmbeddingMeter) {
    this.#server = server;
    this.#meter = meter;
  }

  /** Starts the server on a free port of 127.0.0.1. It keeps the process alive until {@link EmbeddingProvider.close}. */
  static async start(options: EmbeddingProviderOptions = {}): Promise<EmbeddingProvider> {
    const meter = new EmbeddingMeter(options.pricePerMillionTokensUsd ?? defaultPricePerMillionTokensUsd);
    const app = providerApp(options, meter);
    const server = await new Promise<ServerType>((resolve, reject) => {
      const started = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, () => resolve(started));
      started.once("error", reject);
    });
    return new EmbeddingProvider(server, meter);
  }

  /** The base URL for clients, ending in `/v1`. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v1`;
  }

  /** What was served so far. Refused and aborted calls do not count. */
  get usage(): EmbeddingUsage {
    return this.#meter.usage;
  }

  /** Stops listening and cuts the connections still open. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    if ("closeAllConnections" in this.#server) this.#server.closeAllConnections();
    await closed;
  }
}

function providerApp(options: EmbeddingProviderOptions, meter: EmbeddingMeter): Hono {
  const wait = options.wait ?? ((ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }));
  const perCallMs = options.latencyPerCallMs ?? 20;
  const perTextMs = options.latencyPerTextMs ?? 0.2;
  const app = new Hono();

  app.post("/v1/embeddings", async (context) => {
    const denied = options.apiKey !== undefined && context.req.header("authorization") !== `Bearer ${options.apiKey}`;
    if (denied) return refuse(context, 401, { message: "Incorrect API key provided.", code: "invalid_api_key" });

    const body = embeddingRequestSchema.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success) {
      const [issue] = body.error.issues;
      return refuse(context, 400, { message: issue?.message ?? "Invalid body", param: issue?.path.join(".") });
    }
    if (body.data.model !== localModel) {
      const message = `The model '${body.data.model}' does not exist`;
      return refuse(context, 404, { message, param: "model", code: "model_not_found" });
    }

    const texts = typeof body.data.input === "string" ? [body.data.input] : body.data.input;
    await wait(perCallMs + perTextMs * texts.length, context.req.raw.signal);
    const answer = answerTo(texts, body.data);
    meter.count(texts.length, answer.usage.total_tokens);
    return context.json(answer);
  });

  app.notFound((context) => refuse(context, 404, { message: `Unknown path ${context.req.path}` }));
  // The only thing that throws is the wait of a call whose client has gone: nobody reads this answer.
  app.onError((_error, context) => refuse(context, 500, { message: "The call was cut short" }));
  return app;
}

function answerTo(texts: readonly string[], body: EmbeddingRequestBody): EmbeddingAnswer {
  const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
  return {
    object: "list",
    data: texts.map((text, index) => {
      const vector = embedText(text, body.dimensions ?? defaultDimensions);
      const embedding = body.encoding_format === "base64" ? Buffer.from(vector.buffer).toString("base64") : [...vector];
      return { object: "embedding", index, embedding };
    }),
    model: body.model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Four characters a token: the rule of thumb for English and the usual tokenisers. */
function countTokens(text: string): number {
  return Math.ceil(text.length / 4);
}

interface Refusal {
  readonly message: string;
  readonly param?: string | undefined;
  readonly code?: string | undefined;
}

function refuse(context: Context, status: 400 | 401 | 404 | 500, refusal: Refusal): Response {
  const type = status === 500 ? "server_error" : "invalid_request_error";
  const error = { message: refusal.message, type, param: refusal.param ?? null, code: refusal.code ?? null };
  return context.json({ error } satisfies ProviderErrorBody, status);
}
