import { z } from "zod";

/** What a client may post to `/v1/chat/completions`; the part of OpenAI's API that answers by a JSON schema. */
export const chatRequestSchema: z.ZodType<ChatRequestBody> = z.object({
  model: z.string().min(1),
  messages: z
    .array(z.object({ role: z.enum(["system", "user"]), content: z.string().min(1, "must not be an empty string") }))
    .min(1),
  response_format: z.object({
    type: z.literal("json_schema"),
    json_schema: z.object({
      name: z.string(),
      strict: z.boolean().optional(),
      schema: z.record(z.string(), z.unknown()),
    }),
  }),
});

/** The body of a call for a text. */
export interface ChatRequestBody {
  readonly model: string;
  readonly messages: readonly { readonly role: "system" | "user"; readonly content: string }[];
  readonly response_format: {
    readonly type: "json_schema";
    readonly json_schema: {
      /** Of the task. */
      readonly name: string;
      readonly strict?: boolean | undefined;
      readonly schema: Readonly<Record<string, unknown>>;
    };
  };
}

/** The answer to {@link ChatRequestBody}, as far as it is read. */
export const chatAnswerSchema = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) }),
});

/** As {@link chatAnswerSchema} says. */
export type ChatAnswer = z.infer<typeof chatAnswerSchema>;
