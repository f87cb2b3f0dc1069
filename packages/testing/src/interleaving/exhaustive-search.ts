import { areIndependent } from "./footprint.ts";
import { Fork, has } from "./fork.ts";
import type { Scheduler, Step } from "./scheduler.ts";

/**
 * Goes through all schedules, depth first. Of schedules that differ only in the order of independent steps it goes through
 * one: after a run, each pair of steps that touch one another and could have come the other way round asks for a run in which
 * they do. Steps that need not happen are tried wherever they are possible. (Source sets: Abdulla, Aronis, Jonsson and
 * Sagonas, Optimal Dynamic Partial Order Reduction, POPL 2014.)
 */
export class ExhaustiveSearch implements Scheduler {
  readonly #reduce: boolean;
  /** The way of the present run. */
  readonly #path: Fork[] = [];
  /** For each step on the way that has been looked at, the steps that had to come before it, as bits. */
  readonly #pasts: bigint[] = [];
  #depth = 0;

  /** @param reduce - `false` goes through every order of independent steps too. */
  constructor(reduce: boolean) {
    this.#reduce = reduce;
  }

  choose<S extends Step>(possible: readonly S[]): S | undefined {
    const known = this.#path[this.#depth];
    if (known !== undefined) return this.#again(known, possible);
    const asleep = this.#reduce ? (this.#path.at(-1)?.stillAsleep ?? []) : [];
    const chosen = possible.find((step) => !has(asleep, step));
    if (chosen === undefined) return undefined;
    const fork = new Fork(possible, asleep, chosen);
    for (const step of possible) if (!this.#reduce || step.isOptional === true) fork.require(step);
    this.#path.push(fork);
    this.#depth++;
    return chosen;
  }

  advance(): boolean {
    if (this.#reduce) this.#requireReversals();
    this.#depth = 0;
    for (let fork = this.#path.at(-1); fork !== undefined; fork = this.#path.at(-1)) {
      this.#pasts.length = Math.min(this.#pasts.length, this.#path.length - 1);
      if (fork.turn()) return true;
      this.#path.pop();
    }
    return false;
  }

  #again<S extends Step>({ possible: before, chosen }: Fork, possible: readonly S[]): S {
    this.#depth++;
    const step = possible.find(({ label }) => label === chosen.label);
    if (step !== undefined && before.length === possible.length && before.every((each) => has(possible, each))) {
      return step;
    }
    throw new Error(
      `The same schedule has led elsewhere: after ${this.#depth - 1} steps there were ${named(before)}, now ` +
        `${named(possible)}. What the operations do must depend on nothing but the schedule.`,
    );
  }

  /** Asks for runs in which steps of this one come the other way round. */
  #requireReversals(): void {
    for (let later = this.#pasts.length; later < this.#path.length; later++) {
      const enabler = this.#enablerOf(later);
      const { touches } = this.#stepAt(later);
      const races: number[] = [];
      let past = 0n;
      for (let earlier = later - 1; earlier >= 0; earlier--) {
        if (isIn(past, earlier)) continue;
        const enables = earlier === enabler;
        if (!enables && areIndependent(this.#stepAt(earlier).touches, touches)) continue;
        past |= this.#pastOf(earlier) | bit(earlier);
        if (!enables) races.push(earlier);
      }
      this.#pasts[later] = past;
      for (const earlier of races) this.#requireReversal(earlier, later);
    }
  }

  /** The step behind which a later one was possible for the first time; -1 for one that was so from the beginning. */
  #enablerOf(later: number): number {
    const step = this.#stepAt(later);
    let index = later - 1;
    while (index >= 0 && has(this.#forkAt(index).possible, step)) index--;
    return index;
  }

  /** Asks for a run in which a later step comes before an earlier one, with what must come before it. */
  #requireReversal(earlier: number, later: number): void {
    const others: number[] = [];
    for (let index = earlier + 1; index <= later; index++) {
      if (index === later || !isIn(this.#pastOf(index), earlier)) others.push(index);
    }
    // Those that could come at once instead of the earlier one: any of them will do, the others follow.
    const firsts = others.filter((index) => !others.some((other) => isIn(this.#pastOf(index), other)));
    const steps = firsts.map((index) => this.#stepAt(index));
    const fork = this.#forkAt(earlier);
    if (!fork.covers(steps)) for (const step of steps.slice(-1)) fork.require(step);
  }

  #pastOf(index: number): bigint {
    return this.#pasts[index] ?? 0n;
  }

  #forkAt(index: number): Fork {
    return this.#path[index] as Fork;
  }

  #stepAt(index: number): Step {
    return this.#forkAt(index).chosen;
  }
}

function bit(index: number): bigint {
  return 1n << BigInt(index);
}

function isIn(past: bigint, index: number): boolean {
  return (past & bit(index)) !== 0n;
}

function named(steps: readonly Step[]): string {
  return `[${steps.map(({ label }) => label).join("; ")}]`;
}
