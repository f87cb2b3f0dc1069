import type { RemoteTier } from "@tiercache/core";
import { type ChaosTier, chaos } from "../chaos/chaos.ts";
import type { ScriptedStep } from "./scripted-step.ts";
import { ScriptedTier } from "./scripted-tier.ts";

/** How a process of an interleaving reaches a tier. */
export interface ScriptedTierOptions {
  /**
   * Whether its calls, their answers and its messages may overtake one another, as over several connections. An echo and a
   * gap still stay behind whatever came before them. @defaultValue false
   */
  readonly anyOrder?: boolean;
}

/** A question to something outside the caches, such as a database. */
interface Asked {
  readonly what: string;
  isDone: boolean;
  go(): void;
}

/**
 * One of the processes of an interleaving: whatever it asks of a tier or of a database is done and answered when the
 * schedule has it so. Made by {@link Interleaving.process}.
 */
export class ScriptedProcess {
  readonly name: string;
  readonly #tiers: ScriptedTier[] = [];
  readonly #asked = new Set<Asked>();
  readonly #times = new Map<string, number>();
  #isScripted = false;

  /** @internal */
  constructor(name: string) {
    this.name = name;
  }

  /**
   * A remote tier as this process reaches it: each of its calls is done in one step and answered in another, and what its bus
   * brings is heard in a step.
   *
   * @param tier - A tier of this process alone. Several must have different names.
   */
  tier(tier: RemoteTier, { anyOrder = false }: ScriptedTierOptions = {}): ChaosTier {
    const reached = chaos(tier);
    const where = this.#tiers.length === 0 ? "" : ` in ${tier.name}`;
    const scripted = new ScriptedTier(reached, { process: this.name, where, anyOrder });
    this.#tiers.push(scripted);
    if (this.#isScripted) scripted.hold();
    return reached;
  }

  /**
   * Asks something outside the caches: a database, for a loader. It is done in one step and answered in another.
   *
   * @param what - The question, for the schedule: `"select"`.
   * @param effect - What is done, at once; its result is the answer, and what it throws is thrown here.
   */
  async ask<T>(what: string, effect: () => T): Promise<T> {
    const times = (this.#times.get(what) ?? 0) + 1;
    this.#times.set(what, times);
    const asked: Asked = { what: times === 1 ? what : `${what} (${times})`, isDone: false, go: () => {} };
    await this.#turn(asked);
    // Also what it throws is an answer, and waits for its step.
    const answer = (async () => effect())();
    answer.catch(() => {});
    asked.isDone = true;
    await this.#turn(asked);
    return answer;
  }

  /** @internal From now on everything waits for its step. */
  begin(): void {
    this.#isScripted = true;
    for (const tier of this.#tiers) tier.hold();
  }

  /** @internal From now on nothing waits any longer. */
  end(): void {
    this.#isScripted = false;
    for (const tier of this.#tiers) tier.release();
    for (const asked of this.#asked) asked.go();
  }

  /** @internal What may happen next, and what may go wrong next. */
  steps(): readonly ScriptedStep[] {
    return [...[...this.#asked].map((asked) => this.#stepOf(asked)), ...this.#tiers.flatMap((tier) => tier.steps())];
  }

  #stepOf(asked: Asked): ScriptedStep {
    const { what, isDone } = asked;
    return {
      label: `${this.name}: ${what} is ${isDone ? "answered" : "done"}`,
      touches: { writes: [isDone ? `process ${this.name}` : "outside"] },
      take: () => asked.go(),
    };
  }

  #turn(asked: Asked): Promise<void> {
    if (!this.#isScripted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    asked.go = () => {
      this.#asked.delete(asked);
      resolve();
    };
    this.#asked.add(asked);
    return promise;
  }
}
