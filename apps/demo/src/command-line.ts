import { parseArgs } from "node:util";
import { cacheVariables } from "./service/cache-settings.ts";

/** What the user asked for. */
export interface CommandLine {
  /** End after the report instead of serving. */
  readonly once: boolean;
  /** Print the report as one JSON object. */
  readonly json: boolean;
  /** Serve at once, without a report. */
  readonly serve: boolean;
  /** Where to write the report as a page; absent: nowhere. */
  readonly html: string | undefined;
  /** How many instances serve, each in a process of its own. */
  readonly instances: number;
  /** What to listen on. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly seed: number;
  readonly help: boolean;
}

/** How to call the demo. */
export const usage = `npm start -- [--once | --serve] [--json] [--html out.html] [--instances 1] [--port 3000] [--seed 1]

  --once       end after the report
  --serve      serve at once, without a report
  --json       print the report as one JSON object (npm start --silent leaves out npm's own lines)
  --html       also write the report as a page of its own, with plots
  --instances  how many instances serve afterwards, 1 to 8; the others are processes that share Redis with the first
  --port       where to serve afterwards, or PORT; 0 for any free port
  --host       what to listen on, or HOST; 127.0.0.1 unless told otherwise
  --seed       of the generated data and the requests

${cacheVariables}
  EMBEDDINGS_URL, _API_KEY, _MODEL, _DIMENSIONS   a real OpenAI-compatible provider of embeddings
  CHAT_URL, _API_KEY, _MODEL                      a real OpenAI-compatible language model
  MODEL_LATENCY_MS, _FAILURE_RATE, _CALLS_PER_MINUTE, ENRICHMENT_… likewise     how the demo's own providers behave
  EMBEDDINGS_PRICE_USD, CHAT_PROMPT_PRICE_USD, CHAT_COMPLETION_PRICE_USD        of a million tokens
  PERSONAL_DATA_SECRET                            32 bytes in base64, the same for all instances
  MANAGEMENT_TOKEN                                of the management routes, which are refused to everybody without it
  DEMO_DATA_FOLDER                                data that several processes share, made there if it is not
  DEMO_INSTANCE, DEMO_PEERS                       what this instance is called; addresses of others, with commas between
`;

const bounds = { instances: 8, port: 65_535, seed: 2 ** 31 - 1 };

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
      serve: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      html: { type: "string" },
      instances: { type: "string", default: "1" },
      port: { type: "string", default: environment["PORT"] ?? "3000" },
      host: { type: "string", default: environment["HOST"] ?? "127.0.0.1" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  const { once, serve, json, html, host, help } = values;
  if (once && serve)
    throw new Error("--once and --serve exclude each other: the one only reports, the other only serves.");
  if (html === "") throw new Error('--html is ""; allowed is the path of a file.');
  if (host === "") throw new Error('--host (or HOST) is ""; allowed is a name or an address of this machine.');
  const port = wholeNumber("--port (or PORT)", values.port, { most: bounds.port });
  const seed = wholeNumber("--seed", values.seed, { most: bounds.seed });
  const instances = wholeNumber("--instances", values.instances, { least: 1, most: bounds.instances });
  return { once, serve, json, html, host, help, port, seed, instances };
}

function wholeNumber(
  name: string,
  text: string,
  { least = 0, most }: { readonly least?: number; readonly most: number },
): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new Error(`${name} is ${JSON.stringify(text)}; allowed is a whole number from ${least} to ${most}.`);
}
