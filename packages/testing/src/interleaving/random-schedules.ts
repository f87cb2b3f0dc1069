import { seededIntegers } from "../seeded-random.ts";
import type { Scheduler, Step } from "./scheduler.ts";

/** Schedules drawn by chance, without end: the same for the same seed. */
export class RandomSchedules implements Scheduler {
  readonly #nextInteger: () => number;

  constructor(seed: number) {
    this.#nextInteger = seededIntegers(seed);
  }

  choose<S extends Step>(possible: readonly S[]): S | undefined {
    return possible[this.#nextInteger() % possible.length];
  }

  advance(): boolean {
    return true;
  }
}
