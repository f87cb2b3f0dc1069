import { z } from "zod";
import type { ChatRequestBody } from "./chat-request.ts";
import { chatAnswerSchema } from "./chat-request.ts";
import type { ChatPrice, ChatUsage } from "./chat-usage.ts";
import { ChatMeter } from "./chat-usage.ts";
import type { LanguageTask } from "./language-task.ts";
import { ProviderEndpoint, type ProviderEndpointOptions } from "./provider-endpoint.ts";

/** Which provider to call and how. `chatSettings` reads it from the environment. */
export interface ChatClientOptions extends ProviderEndpointOptions {
  readonly model: string;
  /** `@defaultValue` `defaultChatPrice` */
  readonly price?: ChatPrice | undefined;
}

/**
 * Asks an OpenAI-compatible language model for objects that a schema describes. Every call goes out: it neither caches nor retries
 * nor sets a deadline; whoever calls decides about those.
 */
export class ChatClient {
  readonly #endpoint: ProviderEndpoint;
  readonly #meter: ChatMeter;
  /** The model asked. */
  readonly model: string;

  /** @throws TypeError when the base URL is none or the key cannot stand in a header; its message has neither's secret */
  constructor(options: ChatClientOptions) {
    this.model = options.model;
    this.#endpoint = new ProviderEndpoint("chat", options);
    this.#meter = new ChatMeter(options.price);
  }

  /** What the provider has charged this client so far. Failed calls do not count. */
  get usage(): ChatUsage {
    return this.#meter.usage;
  }

  /**
   * Has the model do a task.
   *
   * @param input what the task's instructions speak of; sent as JSON
   * @throws ProviderError when the call fails, or the answer is not what the task's schema says
   * @throws the signal's reason when it is aborted
   */
  async complete<V>(task: LanguageTask<V>, input: object, signal?: AbortSignal): Promise<V> {
    const body = await this.#endpoint.call("chat/completions", { body: this.#requestFor(task, input), signal });
    const answer = chatAnswerSchema.safeParse(body);
    if (!answer.success) throw this.#endpoint.badAnswer("no completion");
    const { usage, choices } = answer.data;
    // Billed, whatever comes of it.
    this.#meter.count(usage.prompt_tokens, usage.completion_tokens);
    const value = task.schema.safeParse(parsedJson(choices[0]?.message.content));
    if (!value.success) throw this.#endpoint.badAnswer(`something else than the ${task.name} asked for`);
    return value.data;
  }

  #requestFor(task: LanguageTask<unknown>, input: object): ChatRequestBody {
    return {
      model: this.model,
      messages: [
        { role: "system", content: task.instructions },
        { role: "user", content: JSON.stringify(input) },
      ],
      response_format: {
        type: "json_schema",
        json_schema: { name: task.name, strict: true, schema: shapeOf(task.schema) },
      },
    };
  }
}

/** The shape of an answer. Without the lengths of texts, which providers refuse in a strict schema; answers are checked for them. */
function shapeOf(schema: z.ZodType): Readonly<Record<string, unknown>> {
  const { $schema: _, ...shape } = z.toJSONSchema(schema, {
    override: ({ jsonSchema }) => {
      delete jsonSchema.minLength;
      delete jsonSchema.maxLength;
    },
  });
  return shape;
}

function parsedJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
