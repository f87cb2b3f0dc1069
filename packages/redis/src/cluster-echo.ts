import { ECHO_WITHIN_MS } from "./subscription.ts";

/** An echo that is sent through every node. */
interface Round {
  readonly nonce: string;
  /** The nodes that it has not come back from. */
  readonly awaited: Set<string>;
  overdue: NodeJS.Timeout | undefined;
}

/** What an echo is told to when it has come back, or has not. */
export interface ClusterEchoParts {
  readonly came: (nonce: string) => void;
  /** A node has taken it, and it has not come back from there. */
  readonly lost: () => void;
}

/** More than so many that have not come back are forgotten. */
const MAX_ROUNDS = 64;

/**
 * An echo in a cluster. What one node hands on is in order, but of what another one hands on it says nothing; so an echo goes
 * through each of them, and has come back when it has come back from all.
 */
export class ClusterEcho {
  readonly #parts: ClusterEchoParts;
  readonly #rounds = new Map<string, Round>();
  #last = 0;

  constructor(parts: ClusterEchoParts) {
    this.#parts = parts;
  }

  /**
   * Sends an echo.
   *
   * @param through - Sends a text through one node.
   * @throws (rejects) What sending through any of them throws: it cannot come back whole.
   */
  async send(
    nonce: string,
    nodes: readonly string[],
    through: (node: string, text: string) => Promise<unknown>,
  ): Promise<void> {
    const name = `${++this.#last}`;
    const round: Round = { nonce, awaited: new Set(nodes), overdue: undefined };
    this.#rounds.set(name, round);
    const [oldest] = this.#rounds.keys();
    if (this.#rounds.size > MAX_ROUNDS && oldest !== undefined) this.#forget(oldest);
    try {
      await Promise.all(nodes.map((node) => through(node, `${name} ${node}`)));
      if (this.#rounds.has(name)) this.#expect(name, round);
    } catch (error) {
      this.#forget(name);
      throw error;
    }
  }

  /** Something has come back. */
  hear(text: string): void {
    const [name = "", node = ""] = text.split(" ");
    const round = this.#rounds.get(name);
    round?.awaited.delete(node);
    if (round === undefined || round.awaited.size > 0) return;
    this.#forget(name);
    this.#parts.came(round.nonce);
  }

  /** What is under way is lost. */
  forgetAll(): void {
    for (const name of this.#rounds.keys()) this.#forget(name);
  }

  #expect(name: string, round: Round): void {
    round.overdue = setTimeout(() => {
      // After a pause of this process the timer is first; what has arrived meanwhile shall be heard before it counts.
      setImmediate(() => {
        if (!this.#rounds.has(name)) return;
        this.forgetAll();
        this.#parts.lost();
      });
    }, ECHO_WITHIN_MS).unref();
  }

  #forget(name: string): void {
    clearTimeout(this.#rounds.get(name)?.overdue);
    this.#rounds.delete(name);
  }
}
