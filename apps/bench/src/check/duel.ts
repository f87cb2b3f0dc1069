import type { Case } from "../case.ts";
import type { Effort } from "../effort.ts";
import { median } from "../median.ts";
import { OwnProcess } from "../own-process.ts";
import type { SideReady, SideRound } from "./side-process.ts";

/** Where the two sides of a duel are, and what they run on. */
export interface Sides {
  /** Where Redis is. */
  readonly url: string;
  /** The folder of the checkout that one compares with. */
  readonly base: string;
  readonly effort: Effort["name"];
}

/** What has come of one pair of processes. */
export interface Duel {
  readonly baseNs: number;
  readonly changeNs: number;
  /** Of the change to the base: the median of the rounds' own ratios, or that of the best rounds where it is less. */
  readonly ratio: number;
}

const ROUNDS = 21;

/**
 * Runs a case on the base and on the change, each in a process of its own, in alternating rounds, of which every other pair begins
 * with the change: who comes second finds the machine as the first has left it.
 */
export async function duel(one: Case, sides: Sides): Promise<Duel> {
  const [base, change] = [new Side(one, sides, "base"), new Side(one, sides, "change")];
  try {
    await Promise.all([base.ready(), change.ready()]);
    const took: Took[] = [];
    for (let round = -1; round < (sides.effort === "smoke" ? 1 : ROUNDS); round++) {
      const [first, second] = round % 2 === 0 ? [base, change] : [change, base];
      const [firstNs, secondNs] = [await first.round(), await second.round()];
      // The first pair warms up.
      if (round < 0) continue;
      took.push(first === base ? { baseNs: firstNs, changeNs: secondNs } : { baseNs: secondNs, changeNs: firstNs });
    }
    return duelOf(took);
  } finally {
    await Promise.all([base.end(), change.end()]);
  }
}

/** What the two sides took in one round. */
export interface Took {
  readonly baseNs: number;
  readonly changeNs: number;
}

/**
 * What a duel's rounds come to. A neighbour on the machine makes some rounds of one side longer, and so the median; what the code
 * itself takes is longer in the best rounds as well.
 */
export function duelOf(took: readonly Took[]): Duel {
  const [base, change] = [took.map(({ baseNs }) => baseNs), took.map(({ changeNs }) => changeNs)];
  const medianRatio = median(took.map(({ baseNs, changeNs }) => changeNs / baseNs));
  return {
    baseNs: median(base),
    changeNs: median(change),
    ratio: Math.min(medianRatio, Math.min(...change) / Math.min(...base)),
  };
}

/** One of the two: a process that does a case with the packages of one checkout. */
export class Side {
  readonly #process: OwnProcess;

  constructor(one: Case, { url, base, effort }: Sides, side: "base" | "change") {
    const script = new URL("side-process.ts", import.meta.url);
    const hooks = new URL("base-packages.ts", import.meta.url).href;
    const options = side === "change" ? {} : { execArgv: ["--import", hooks], env: { TIERCACHE_BENCH_BASE: base } };
    this.#process = new OwnProcess(script, [url, one.name, effort], options);
  }

  ready(): Promise<SideReady> {
    return this.#process.answer<SideReady>();
  }

  async round(): Promise<number> {
    const { ns } = await this.#process.answer<SideRound>({});
    return ns;
  }

  end(): Promise<void> {
    return this.#process.end();
  }
}
