import type { Redis } from "ioredis";
import { wordOf } from "./failure.ts";

/**
 * Says what a server does not let its user do: a permission that is missing, a command that a managed service has turned off
 * or that was left out of the build. Each once, as a warning of the process: such a server answers every time alike, and
 * without a word on it a cache would only seem to be slow.
 */
export class Refusals {
  readonly #noted = new Set<string>();
  #hasProbed = false;

  /** Looks at what a command has failed of. */
  note(error: unknown): void {
    const refused = refusedIn(error);
    if (refused === undefined || this.#noted.has(refused)) return;
    this.#noted.add(refused);
    process.emitWarning(
      `The Redis server refuses ${refused}. What tiercache needs of it is listed in @tiercache/redis.`,
      {
        type: "TiercacheWarning",
        code: "TIERCACHE_REDIS_REFUSED",
      },
    );
  }

  /** Tries, once, what would otherwise be refused only when the first value is to be kept. */
  probe(client: Redis): void {
    if (this.#hasProbed) return;
    this.#hasProbed = true;
    client.eval("return 1", 0).catch((error: unknown) => this.note(error));
  }
}

/** What was refused, and by which word of the server; `undefined` for any other failure. */
function refusedIn(error: unknown): string | undefined {
  const word = wordOf(error);
  const { message } = error as Error;
  const unknown = /unknown command ['`]?([\w|]+)/i.exec(message)?.[1];
  if (unknown !== undefined) return `the command "${unknown.toLowerCase()}" (it knows none)`;
  if (word === "WRONGPASS" || word === "NOAUTH") return `the login (${word})`;
  if (word !== "NOPERM") return undefined;
  const command = /the '([\w|]+)' command/.exec(message)?.[1];
  if (command !== undefined) return `the command "${command}" to this user (NOPERM)`;
  return /channel/.test(message)
    ? "a channel to this user (NOPERM)"
    : /key/.test(message)
      ? "a key to this user (NOPERM)"
      : "a command in a script to this user (NOPERM)";
}
