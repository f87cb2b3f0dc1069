import { areIndependent } from "./footprint.ts";
import type { Step } from "./scheduler.ts";

/** One point on the way of a run where a choice was made. */
export class Fork {
  readonly possible: readonly Step[];
  readonly #asleep: readonly Step[];
  readonly #due = new Set<string>();
  readonly #tried: Step[] = [];
  #chosen: Step;

  /**
   * @param asleep - Steps that need not be taken here: every run in which they are has been seen, up to the order of
   * independent steps.
   * @param chosen - The step to take first.
   */
  constructor(possible: readonly Step[], asleep: readonly Step[], chosen: Step) {
    this.possible = possible;
    this.#asleep = asleep;
    this.#chosen = chosen;
  }

  get chosen(): Step {
    return this.#chosen;
  }

  /** Has a step taken here in some later run, unless it has been or need not be. */
  require({ label }: Step): void {
    this.#due.add(label);
  }

  /** Whether one of some steps is taken here in some run, or need not be. */
  covers(steps: readonly Step[]): boolean {
    const { label } = this.#chosen;
    return steps.some(
      (step) => step.label === label || this.#due.has(step.label) || has(this.#asleep, step) || has(this.#tried, step),
    );
  }

  /** Chooses another of the steps that are due. Returns `false` when none is left. */
  turn(): boolean {
    this.#tried.push(this.#chosen);
    const next = this.possible.find(
      (step) => this.#due.has(step.label) && !has(this.#tried, step) && !has(this.#asleep, step),
    );
    if (next !== undefined) this.#chosen = next;
    return next !== undefined;
  }

  /** The steps that need not be taken after the chosen one. */
  get stillAsleep(): readonly Step[] {
    const { touches } = this.#chosen;
    return [...this.#asleep, ...this.#tried].filter((step) => areIndependent(step.touches, touches));
  }
}

/** Whether a step is among some others, by its label. */
export function has(steps: readonly Step[], { label }: Step): boolean {
  return steps.some((step) => step.label === label);
}
