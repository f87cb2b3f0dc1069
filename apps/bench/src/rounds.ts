import type { Comparison, Contender, Figures } from "./comparison.ts";
import { median, quantile } from "./median.ts";

/** What one contender took, over all rounds. */
export interface Measurement {
  readonly contender: string;
  /** What was wrong with what it gave back; then there are no figures. */
  readonly wrong?: string;
  /** The median and the least of the first figure. */
  readonly median: number;
  readonly best: number;
  /** The median of the rounds' own ratios to the floor: 1 for the floor itself, 2 for twice as much. */
  readonly ratio: number;
  /** The same of the time that this process was at work; `NaN` for what was not timed. */
  readonly workRatio: number;
  /** How far its rounds lie apart: the middle half of them, as a part of the median. */
  readonly spread: number;
  /** The medians of all figures. */
  readonly figures: Figures;
}

/** What is timed here is also told by the time that this process was at work, which its neighbours on the machine do not make longer. */
export const CPU_NS = "ns of work";

/** A round of who is so much slower than the floor is made shorter than this, with fewer times. */
const LONGEST_ROUND_MS = 150;

/** The part of a round's times that is done to warm up. */
const WARM_UP = 0.1;

/**
 * Measures all contenders in alternating rounds, so that whatever slows the machine down slows all of them. Ratios are
 * taken within each round; absolute times wander from run to run and say little. Who fails is wrong, and the others go on.
 *
 * @param rounds - How many; 0 for one that is not warmed up for.
 */
export async function measure(comparison: Comparison, rounds: number): Promise<readonly Measurement[]> {
  const { timesPerRound, contenders } = comparison;
  const parts = contenders.map((contender) => new Part(contender, timesPerRound));
  if (rounds > 0) for (const part of parts) await part.warmUp();
  for (let round = 0; round < Math.max(1, rounds); round++) for (const part of parts) await part.round();
  return parts.map((part) => measurementOf(part, parts[0]?.found ?? []));
}

/** One contender's part in a comparison. */
class Part {
  readonly contender: Contender;
  readonly found: Figures[] = [];
  /** What is wrong with him, from the beginning or since he failed. */
  wrong: string | undefined;
  /** How often he does the thing in a round. */
  #times: number;

  constructor(contender: Contender, timesPerRound: number) {
    this.contender = contender;
    this.wrong = contender.wrong;
    this.#times = timesPerRound;
  }

  /** Warms up, and finds out how often he can do the thing in a round. */
  async warmUp(): Promise<void> {
    const times = Math.ceil(this.#times * WARM_UP);
    const startedAt = performance.now();
    await this.#try(times);
    const possible = (LONGEST_ROUND_MS / (performance.now() - startedAt)) * times;
    this.#times = Math.max(1, Math.min(this.#times, Math.round(possible)));
  }

  async round(): Promise<void> {
    const figures = await this.#try(this.#times);
    if (figures !== undefined) this.found.push(figures);
  }

  async #try(times: number): Promise<Figures | undefined> {
    if (this.wrong !== undefined) return undefined;
    try {
      return await roundOf(this.contender, times);
    } catch (error) {
      this.wrong = `fails: ${error instanceof Error ? error.message : String(error)}`;
      return undefined;
    }
  }
}

async function roundOf(contender: Contender, times: number): Promise<Figures> {
  // What others have left behind, and what a cache does behind, is not to be paid for by who comes next.
  await new Promise(setImmediate);
  let found: Figures | undefined;
  const timed = await timedFor(times, async () => {
    found = (await contender.run(times)) ?? undefined;
  });
  return found ?? timed;
}

/** What a deed takes that does a thing so many times: of one time. */
export async function timedFor(times: number, deed: () => Promise<void>): Promise<Figures> {
  const [startedAt, cpuBefore] = [process.hrtime.bigint(), process.cpuUsage()];
  await deed();
  const tookNs = Number(process.hrtime.bigint() - startedAt);
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ns: tookNs / times, [CPU_NS]: ((user + system) * 1_000) / times };
}

function measurementOf({ contender, wrong, found }: Part, floor: readonly Figures[]): Measurement {
  if (wrong !== undefined) return { ...nothing, contender: contender.name, wrong };
  const firsts = found.map(firstOf);
  return {
    contender: contender.name,
    median: median(firsts),
    best: Math.min(...firsts),
    ratio: median(firsts.map((first, round) => first / firstOf(floor[round] ?? {}))),
    workRatio: median(found.map((figures, round) => workOf(figures) / workOf(floor[round] ?? {}))),
    spread: (quantile(firsts, 0.75) - quantile(firsts, 0.25)) / median(firsts),
    figures: mediansOf(found),
  };
}

/** What is known of who was not measured. */
const nothing = {
  median: Number.NaN,
  best: Number.NaN,
  ratio: Number.NaN,
  workRatio: Number.NaN,
  spread: Number.NaN,
  figures: {},
} as const;

function firstOf(figures: Figures): number {
  return Object.values(figures)[0] ?? Number.NaN;
}

function workOf(figures: Figures): number {
  return figures[CPU_NS] ?? Number.NaN;
}

function mediansOf(found: readonly Figures[]): Figures {
  const names = Object.keys(found[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(found.map((figures) => figures[name] ?? Number.NaN))]));
}
