import { z } from "zod";
import { defaultDimensions } from "./embedder.ts";
import type { EmbeddingClientOptions } from "./embedding-client.ts";

const environmentSchema = z.object({
  EMBEDDINGS_URL: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).refine(hasNoCredentials, {
    error: "must not contain a user or a password; give the key in EMBEDDINGS_API_KEY",
  }),
  EMBEDDINGS_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces")
    .optional(),
  EMBEDDINGS_MODEL: z.string("must name the provider's model when EMBEDDINGS_URL is set").min(1),
  EMBEDDINGS_DIMENSIONS: z.coerce.number().int().min(1).max(4_096).default(defaultDimensions),
});

/**
 * The real provider the environment names, or `undefined` when `EMBEDDINGS_URL` is not set and the demo starts its own.
 * Besides the URL (up to and including `/v1`) it reads `EMBEDDINGS_API_KEY`, `EMBEDDINGS_MODEL` and
 * `EMBEDDINGS_DIMENSIONS`; an empty variable counts as not set.
 *
 * @throws Error naming the variable and what is allowed, never the key given
 */
export function embeddingSettings(environment: NodeJS.ProcessEnv): EmbeddingClientOptions | undefined {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  if (given["EMBEDDINGS_URL"] === undefined) return undefined;

  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(problems.join("; "));
  }
  return {
    baseUrl: parsed.data.EMBEDDINGS_URL,
    model: parsed.data.EMBEDDINGS_MODEL,
    apiKey: parsed.data.EMBEDDINGS_API_KEY,
    dimensions: parsed.data.EMBEDDINGS_DIMENSIONS,
  };
}

function hasNoCredentials(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === "" && password === "";
}
