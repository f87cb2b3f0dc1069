import { z } from "zod";

/** How many texts one call may carry at most; OpenAI's own limit. */
export const maxTextsPerCall = 2_048;

const text = z.string().min(1, "must not be an empty string");

/** What a client may post to `/v1/embeddings`; the part of OpenAI's API that embeds texts, not token lists. */
export const embeddingRequestSchema: z.ZodType<EmbeddingRequestBody> = z.object({
  model: z.string().min(1),
  input: z.union([text, z.array(text).min(1).max(maxTextsPerCall)]),
  encoding_format: z.enum(["float", "base64"]).optional(),
  dimensions: z.int().min(1).max(4_096).optional(),
});

/** The body of a call for embeddings. */
export interface EmbeddingRequestBody {
  readonly model: string;
  readonly input: string | readonly string[];
  /** `base64` is little-endian 32-bit floats; the default is `float`, a list of numbers. */
  readonly encoding_format?: "float" | "base64" | undefined;
  readonly dimensions?: number | undefined;
}

/** The answer to {@link EmbeddingRequestBody}. */
export interface EmbeddingAnswer {
  readonly object: "list";
  readonly data: readonly EmbeddingItem[];
  readonly model: string;
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}

/** One text's embedding. */
export interface EmbeddingItem {
  readonly object: "embedding";
  /** Which of the texts, counted from 0. */
  readonly index: number;
  readonly embedding: string | readonly number[];
}

/** An error in the shape OpenAI's API has. */
export interface ProviderErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}
