import { createHash, timingSafeEqual } from "node:crypto";

/** The shortest token that is accepted, in characters. */
export const shortestToken = 16;

/** Who may do what operators do: whoever has the token; nobody where there is none. */
export class Operators {
  readonly #digest: Buffer | undefined;

  /** @throws TypeError for a token that is too short or cannot stand in a header; its message does not repeat it. */
  constructor(token: string | undefined) {
    if (token !== undefined && !(token.length >= shortestToken && /^[\x21-\x7e]+$/.test(token))) {
      throw new TypeError(
        `MANAGEMENT_TOKEN is refused; allowed are ${shortestToken} or more printable ASCII characters.`,
      );
    }
    this.#digest = token === undefined ? undefined : digestOf(token);
  }

  /** The token that `MANAGEMENT_TOKEN` names; an empty one counts as none. @throws TypeError as the constructor does */
  static from(environment: NodeJS.ProcessEnv): Operators {
    return new Operators(environment["MANAGEMENT_TOKEN"] || undefined);
  }

  /** Whether there is a token at all. */
  get isConfigured(): boolean {
    return this.#digest !== undefined;
  }

  /**
   * Whether a request comes from an operator. Takes the same time for every wrong token: digests of one length are compared.
   *
   * @param authorization the header
   */
  areAsking(authorization: string | undefined): boolean {
    const [, token] = /^bearer (\S+)$/i.exec(authorization ?? "") ?? [];
    if (this.#digest === undefined || token === undefined) return false;
    return timingSafeEqual(digestOf(token), this.#digest);
  }
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
