import type { Scheduler, Step } from "./scheduler.ts";

/** One schedule, step by step. What is still possible behind its end happens in the order in which it became possible. */
export class ReplayedSchedule implements Scheduler {
  readonly #labels: readonly string[];
  #taken = 0;

  constructor(labels: readonly string[]) {
    this.#labels = labels;
  }

  choose<S extends Step>(possible: readonly S[]): S | undefined {
    const label = this.#labels[this.#taken];
    this.#taken++;
    if (label === undefined) return possible[0];
    const step = possible.find((each) => each.label === label);
    if (step !== undefined) return step;
    const others = possible.map((each) => JSON.stringify(each.label)).join(", ");
    throw new Error(
      `Step ${this.#taken} of the schedule, ${JSON.stringify(label)}, is not possible; possible are ${others}.`,
    );
  }

  advance(): boolean {
    return false;
  }
}
