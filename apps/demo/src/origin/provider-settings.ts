import { z } from "zod";

/** Which provider to call instead of the one that the demo plays itself. */
export interface ProviderSettings {
  readonly baseUrl: string;
  readonly model: string;
  readonly apiKey: string | undefined;
  /** How many numbers an embedding has; `undefined` where nothing was said. */
  readonly dimensions: number | undefined;
}

const settingsSchema = z.object({
  URL: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).refine(hasNoCredentials, {
    error: "must not contain a user or a password; give the key in the variable for it",
  }),
  API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "must be printable ASCII without spaces")
    .optional(),
  MODEL: z.string("must name the provider's model when there is a URL").min(1),
  DIMENSIONS: z.coerce.number().int().min(1).max(4_096).optional(),
});

/**
 * The real provider the environment names, or `undefined` when `<name>_URL` is not set and the demo starts its own. Besides
 * the URL (up to and including `/v1`) it reads `<name>_API_KEY`, `<name>_MODEL` and `<name>_DIMENSIONS`; an empty variable counts
 * as not set.
 *
 * @throws Error naming the variable and what is allowed, never the key given
 */
export function providerSettings(
  name: "EMBEDDINGS" | "CHAT",
  environment: NodeJS.ProcessEnv,
): ProviderSettings | undefined {
  const given = Object.keys(settingsSchema.shape).map((field) => [field, environment[`${name}_${field}`]] as const);
  const fields = Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ""));
  if (fields["URL"] === undefined) return undefined;

  const parsed = settingsSchema.safeParse(fields);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${name}_${issue.path.join(".")}: ${issue.message}`);
    throw new Error(problems.join("; "));
  }
  const { URL: baseUrl, MODEL: model, API_KEY: apiKey, DIMENSIONS: dimensions } = parsed.data;
  return { baseUrl, model, apiKey, dimensions };
}

function hasNoCredentials(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === "" && password === "";
}

/** How a provider that the demo plays is to behave, as far as the environment says so. */
export interface ConductSettings {
  readonly latencyMs?: number;
  readonly failureRate?: number;
  readonly callsPerMinute?: number;
}

const conductFields = [
  ["LATENCY_MS", "latencyMs", "a number of milliseconds from 0 to 60000", 60_000],
  ["FAILURE_RATE", "failureRate", "a number from 0 to 1", 1],
  ["CALLS_PER_MINUTE", "callsPerMinute", "a number from 0 to 1000000", 1_000_000],
] as const;

/**
 * Reads `<name>_LATENCY_MS`, `<name>_FAILURE_RATE` and `<name>_CALLS_PER_MINUTE`.
 *
 * @throws Error naming the variable, what was given and what is allowed
 */
export function conductSettings(name: "MODEL" | "ENRICHMENT", environment: NodeJS.ProcessEnv): ConductSettings {
  const given = conductFields.flatMap(([field, property, allowed, most]) => {
    const variable = `${name}_${field}`;
    const number = numberIn(environment, variable, { allowed, most });
    return number === undefined ? [] : [[property, number] as const];
  });
  return Object.fromEntries(given);
}

/** In US dollars a million tokens, as far as the environment says so. */
export interface PriceSettings {
  readonly embedding: number | undefined;
  readonly prompt: number | undefined;
  readonly completion: number | undefined;
}

/**
 * Reads `EMBEDDINGS_PRICE_USD`, `CHAT_PROMPT_PRICE_USD` and `CHAT_COMPLETION_PRICE_USD`, each for a million tokens.
 *
 * @throws Error naming the variable, what was given and what is allowed
 */
export function priceSettings(environment: NodeJS.ProcessEnv): PriceSettings {
  const price = (variable: string): number | undefined =>
    numberIn(environment, variable, { allowed: "a number of US dollars from 0 to 10000", most: 10_000 });
  return {
    embedding: price("EMBEDDINGS_PRICE_USD"),
    prompt: price("CHAT_PROMPT_PRICE_USD"),
    completion: price("CHAT_COMPLETION_PRICE_USD"),
  };
}

function numberIn(
  environment: NodeJS.ProcessEnv,
  variable: string,
  { allowed, most }: { readonly allowed: string; readonly most: number },
): number | undefined {
  const text = environment[variable];
  if (text === undefined || text === "") return undefined;
  const number = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && number <= most) return number;
  throw new Error(`${variable} is ${JSON.stringify(text)}; allowed is ${allowed}.`);
}
