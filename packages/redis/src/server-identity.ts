import { wordOf } from "./failure.ts";

/**
 * Tells whether the server that answers is the one that answered before: by its `run_id`, which is drawn anew whenever a
 * server starts.
 *
 * A server that does not tell it (the user may not use `INFO`, or a proxy leaves it out) cannot be told from another, and
 * counts as another one each time that it is met again.
 */
export class ServerIdentity {
  readonly #ask: () => Promise<string>;
  #hasMet = false;
  #runId: string | undefined;

  /** @param ask - Asks for `INFO server`. May reject. */
  constructor(ask: () => Promise<string>) {
    this.#ask = ask;
  }

  /**
   * Asks who answers. Resolves to whether it may be another one than the last time; the first one is not.
   *
   * @throws (rejects) What asking throws, unless it is a refusal to answer.
   */
  async isAnother(): Promise<boolean> {
    const runId = await this.#learn();
    const isAnother = this.#hasMet && (runId === undefined || runId !== this.#runId);
    this.#hasMet = true;
    this.#runId = runId;
    return isAnother;
  }

  async #learn(): Promise<string | undefined> {
    try {
      return /^run_id:(\w+)/m.exec(await this.#ask())?.[1];
    } catch (error) {
      // ERR is what a server says that has no such command.
      if (["NOPERM", "ERR"].includes(wordOf(error))) return undefined;
      throw error;
    }
  }
}
