import { parseArgs } from "node:util";
import { cacheVariables } from "./service/cache-settings.ts";

/** What the user asked for. */
export interface CommandLine {
  /** End after the report instead of serving. */
  readonly once: boolean;
  /** Print the report as one JSON object. */
  readonly json: boolean;
  /** 0 for any free one. */
  readonly port: number;
  readonly seed: number;
  readonly help: boolean;
}

/** How to call the demo. */
export const usage = `npm start -- [--once] [--json] [--port 3000] [--seed 1]

  --once   end after the report
  --json   print the report as one JSON object (npm start --silent leaves out npm's own lines)
  --port   where to serve afterwards; 0 for any free port
  --seed   of the generated data and the requests

${cacheVariables}
  EMBEDDINGS_URL, _API_KEY, _MODEL, _DIMENSIONS   a real OpenAI-compatible provider of embeddings
  CHAT_URL, _API_KEY, _MODEL                      a real OpenAI-compatible language model
  MODEL_LATENCY_MS, _FAILURE_RATE, _CALLS_PER_MINUTE, ENRICHMENT_… likewise     how the demo's own providers behave
  EMBEDDINGS_PRICE_USD, CHAT_PROMPT_PRICE_USD, CHAT_COMPLETION_PRICE_USD        of a million tokens
  PERSONAL_DATA_SECRET                            32 bytes in base64, the same for all instances
`;

/**
 * Reads the arguments.
 *
 * @throws An error whose message names the argument and what is allowed.
 */
export function commandLine(args: readonly string[], environment: NodeJS.ProcessEnv): CommandLine {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      port: { type: "string", default: environment["PORT"] ?? "3000" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  return {
    once: values.once,
    json: values.json,
    help: values.help,
    port: wholeNumber("--port (or PORT)", values.port, 65_535),
    seed: wholeNumber("--seed", values.seed, 2 ** 31 - 1),
  };
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= most) return number;
  throw new Error(`${name} is ${JSON.stringify(text)}; allowed is a whole number from 0 to ${most}.`);
}
