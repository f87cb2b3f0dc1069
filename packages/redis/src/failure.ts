import { CacheError, isCacheError } from "@tiercache/core";

/** How ioredis says it when it has no code for it. */
const WORDS: readonly (readonly [beginning: string, word: string])[] = [
  ["Command timed out", "TIMEOUT"],
  ["Stream isn't writeable", "NOT_CONNECTED"],
  ["Connection is closed", "NOT_CONNECTED"],
  ["Command aborted due to connection close", "NOT_CONNECTED"],
  ["Socket closed", "NOT_CONNECTED"],
  ["Reached the max retries per request", "NOT_CONNECTED"],
];

/** What a server answers that cannot do its work at present, whatever it is asked. */
const UNWELL: ReadonlySet<string> = new Set([
  "LOADING",
  "BUSY",
  "MASTERDOWN",
  "READONLY",
  "CLUSTERDOWN",
  "TRYAGAIN",
  "NOAUTH",
  "WRONGPASS",
]);

/**
 * The error to hand on in place of one that ioredis has thrown. Its own carry the whole command with them, and with it
 * keys, values and passwords; this one only says what kind of failure it was: a word such as `WRONGTYPE`, `OOM`,
 * `NOAUTH`, `ETIMEDOUT` or `NOT_CONNECTED`, in the message and as the `code` of its cause. A server that is well and only did not
 * do this one thing has `refused` it. One of ours is handed on as it is.
 */
export function failureOf(error: unknown): CacheError {
  if (isCacheError(error)) return error;
  const word = wordOf(error);
  const refused = isReply(error) && !UNWELL.has(word);
  const cause = Object.assign(new Error(`Redis failed: ${word}`), { code: word, refused });
  // Its stack tells of this function alone.
  delete cause.stack;
  return new CacheError("TIER_FAILED", `Redis failed: ${word}.`, { cause });
}

/** What a server says that is not to be asked now, besides the codes of the operating system. */
const TROUBLE = new Set(["NOT_CONNECTED", "TIMEOUT", "CLUSTERDOWN", "MASTERDOWN", "LOADING", "READONLY"]);

/** Whether a command has failed for a reason that lies with the server and not with the command. */
export function isTrouble(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  return TROUBLE.has(code) || /^E(?!RR$)/.test(code);
}

/** Whether a server that is well has refused a command. */
export function isRefused(error: unknown): boolean {
  const cause = isCacheError(error) ? (error.cause as { readonly refused?: unknown } | undefined) : undefined;
  return cause?.refused === true;
}

/** Whether a command was left without an answer. */
export function isTimeout(error: unknown): boolean {
  return codeOf(error) === "TIMEOUT";
}

/** Whether a command was refused because its keys lie on two nodes of a cluster at present. */
export function isTryAgain(error: unknown): boolean {
  return codeOf(error) === "TRYAGAIN";
}

/** The word in an error that is handed on. */
function codeOf(error: unknown): string | undefined {
  const cause = isCacheError(error) ? (error.cause as { readonly code?: unknown } | undefined) : undefined;
  return typeof cause?.code === "string" ? cause.code : undefined;
}

/** The one word that says what kind of failure it was. */
export function wordOf(error: unknown): string {
  if (!(error instanceof Error)) return "UNKNOWN";
  const { code } = error as { readonly code?: unknown };
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]*$/.test(code)) return code;
  const reply = isReply(error) ? replyWord(error.message) : undefined;
  return reply ?? WORDS.find(([beginning]) => error.message.startsWith(beginning))?.[1] ?? "UNKNOWN";
}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

/** A reply's first word: `WRONGTYPE Operation against a key …`. Redis 6.2 puts what a script failed of behind a story. */
function replyWord(message: string): string | undefined {
  const inScript = /^ERR Error running script .*?: -?([A-Z][A-Z0-9_]+) /.exec(message);
  return inScript?.[1] ?? /^[A-Z][A-Z0-9_]*\b/.exec(message)?.[0];
}
