import type { Context } from "hono";
import { Hono } from "hono";
import type { ChatAnswer, ChatRequestBody } from "./chat-request.ts";
import { chatRequestSchema } from "./chat-request.ts";
import type { ChatPrice, ChatUsage } from "./chat-usage.ts";
import { ChatMeter } from "./chat-usage.ts";
import { defaultDimensions, embedText } from "./embedder.ts";
import type { EmbeddingAnswer, EmbeddingRequestBody, ProviderErrorBody } from "./embedding-request.ts";
import { embeddingRequestSchema } from "./embedding-request.ts";
import type { EmbeddingUsage } from "./embedding-usage.ts";
import { defaultPricePerMillionTokensUsd, EmbeddingMeter } from "./embedding-usage.ts";
import { answerLocally } from "./local-model.ts";
import type { ProviderConductOptions } from "./provider-conduct.ts";
import { ProviderConduct } from "./provider-conduct.ts";
import { ProviderServer } from "./provider-server.ts";

/** The model a started provider embeds with. */
export const localModel = "local-feature-hashing-768";

/** The model a started provider writes with. */
export const localChatModel = "local-known-words";

/** How a started provider behaves. */
export interface ModelProviderOptions extends Partial<Omit<ProviderConductOptions, "latencyMs">> {
  /** Waited in every call, in ms. `@defaultValue` 20 */
  readonly latencyPerCallMs?: number | undefined;
  /** Waited in every call for each of its texts, in ms. `@defaultValue` 0.2 */
  readonly latencyPerTextMs?: number | undefined;
  /** Waited in every call of the language model on top of that, in ms. `@defaultValue` 150 */
  readonly latencyPerCompletionMs?: number | undefined;
  /** Of the embeddings. `@defaultValue` {@link defaultPricePerMillionTokensUsd} */
  readonly pricePerMillionTokensUsd?: number | undefined;
  /** Of the language model. `@defaultValue` `defaultChatPrice` */
  readonly chatPrice?: ChatPrice | undefined;
  /** When given, calls without `Authorization: Bearer` and this key are answered with 401. */
  readonly apiKey?: string | undefined;
}

/**
 * A stand-in for a paid model service: an HTTP server in this process that speaks OpenAI's `POST /v1/embeddings` and
 * `POST /v1/chat/completions`, takes its time and counts what it would have billed. What it says comes from `embedText` and
 * `answerLocally`, whose CPU time this process pays on top of the latency.
 */
export class ModelProvider {
  /** How it behaves; may be changed while it runs. */
  readonly conduct: ProviderConduct;
  readonly #options: ModelProviderOptions;
  readonly #embedded: EmbeddingMeter;
  readonly #written: ChatMeter;
  #server: ProviderServer | undefined;

  private constructor(options: ModelProviderOptions) {
    const { latencyPerCallMs = 20, failureRate = 0, callsPerMinute = Number.POSITIVE_INFINITY, ...others } = options;
    this.#options = options;
    this.conduct = new ProviderConduct({ ...others, latencyMs: latencyPerCallMs, failureRate, callsPerMinute });
    this.#embedded = new EmbeddingMeter(options.pricePerMillionTokensUsd ?? defaultPricePerMillionTokensUsd);
    this.#written = new ChatMeter(options.chatPrice);
  }

  /** Starts the server on a free port of 127.0.0.1. It keeps the process alive until {@link ModelProvider.close}. */
  static async start(options: ModelProviderOptions = {}): Promise<ModelProvider> {
    const provider = new ModelProvider(options);
    provider.#server = await ProviderServer.start(provider.#app());
    return provider;
  }

  /** The base URL for clients, ending in `/v1`. */
  get url(): string {
    return this.#server?.url ?? "";
  }

  /** What was embedded so far. Refused and aborted calls do not count. */
  get usage(): EmbeddingUsage {
    return this.#embedded.usage;
  }

  /** What was written so far, likewise. */
  get chatUsage(): ChatUsage {
    return this.#written.usage;
  }

  /** Stops listening and cuts the connections still open. */
  async close(): Promise<void> {
    await this.#server?.close();
  }

  #app(): Hono {
    const app = new Hono();
    app.use(async (context, next) => this.#refusalTo(context) ?? next());
    app.post("/v1/embeddings", (context) => this.#embed(context));
    app.post("/v1/chat/completions", (context) => this.#complete(context));
    app.notFound((context) => refuse(context, 404, { message: `Unknown path ${context.req.path}` }));
    // What throws is the wait of a call whose client has gone, whose answer nobody reads.
    app.onError((_error, context) => refuse(context, 500, { message: "The call was cut short" }));
    return app;
  }

  #refusalTo(context: Context): Response | undefined {
    const { apiKey } = this.#options;
    if (apiKey !== undefined && context.req.header("authorization") !== `Bearer ${apiKey}`) {
      return refuse(context, 401, { message: "Incorrect API key provided.", code: "invalid_api_key" });
    }
    const refusal = this.conduct.refusal();
    if (refusal === undefined) return undefined;
    context.header("retry-after", String(refusal.retryAfterSeconds));
    const code = refusal.status === 429 ? "rate_limit_exceeded" : "overloaded";
    return refuse(context, refusal.status, { message: refusal.message, code });
  }

  async #embed(context: Context): Promise<Response> {
    const body = embeddingRequestSchema.safeParse(await jsonOf(context));
    if (!body.success) return refuseBody(context, body.error.issues);
    const { model, input } = body.data;
    if (model !== localModel) return refuseModel(context, model);
    const texts = typeof input === "string" ? [input] : input;
    await this.conduct.takeTime((this.#options.latencyPerTextMs ?? 0.2) * texts.length, context.req.raw.signal);
    const answer = embeddingsOf(texts, body.data);
    this.#embedded.count(texts.length, answer.usage.total_tokens);
    return context.json(answer);
  }

  async #complete(context: Context): Promise<Response> {
    const body = chatRequestSchema.safeParse(await jsonOf(context));
    if (!body.success) return refuseBody(context, body.error.issues);
    if (body.data.model !== localChatModel) return refuseModel(context, body.data.model);
    await this.conduct.takeTime(this.#options.latencyPerCompletionMs ?? 150, context.req.raw.signal);
    const answer = completionOf(body.data);
    this.#written.count(answer.usage.prompt_tokens, answer.usage.completion_tokens);
    return context.json(answer);
  }
}

function jsonOf(context: Context): Promise<unknown> {
  return context.req.json().catch(() => undefined);
}

function embeddingsOf(texts: readonly string[], body: EmbeddingRequestBody): EmbeddingAnswer {
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

function completionOf({ messages, response_format }: ChatRequestBody): ChatAnswer {
  const asked = messages.findLast(({ role }) => role === "user")?.content ?? "{}";
  const content = JSON.stringify(answerLocally(response_format.json_schema.name, JSON.parse(asked) as object));
  const prompt = messages.reduce((sum, message) => sum + countTokens(message.content), 0);
  return {
    choices: [{ message: { content } }],
    usage: { prompt_tokens: prompt, completion_tokens: countTokens(content) },
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

function refuseBody(context: Context, [issue]: readonly { message: string; path: readonly PropertyKey[] }[]): Response {
  return refuse(context, 400, { message: issue?.message ?? "Invalid body", param: issue?.path.join(".") });
}

function refuseModel(context: Context, model: string): Response {
  const message = `The model '${model}' does not exist`;
  return refuse(context, 404, { message, param: "model", code: "model_not_found" });
}

function refuse(context: Context, status: 400 | 401 | 404 | 429 | 500 | 503, refusal: Refusal): Response {
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  const error = { message: refusal.message, type, param: refusal.param ?? null, code: refusal.code ?? null };
  return context.json({ error } satisfies ProviderErrorBody, status);
}
