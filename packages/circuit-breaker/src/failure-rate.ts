import type { FailureJudge, Ms } from "@tiercache/core";

/** Which part of the calls may fail. */
export interface FailureRateOptions {
  /** The part of the calls that has to fail, above 0 and up to 1. */
  readonly rate: number;
  /** Over how long they are counted, in ms; above 0 and finite. @defaultValue 10_000 */
  readonly windowMs?: Ms;
  /** Of fewer calls than this in a window nothing is concluded. @defaultValue 10 */
  readonly minCalls?: number;
}

/** One part of the window. */
interface Slice {
  /** Which part of all time it is. */
  number: number;
  calls: number;
  failures: number;
}

/** The window moves on by a tenth of it at a time. */
const SLICES = 10;

const DEFAULT_WINDOW_MS: Ms = 10_000;
const DEFAULT_MIN_CALLS = 10;

/** Stops when too great a part of the latest calls has failed. Its memory does not grow with their number. */
export class FailureRate implements FailureJudge {
  readonly #rate: number;
  readonly #sliceMs: Ms;
  readonly #minCalls: number;
  #slices: Slice[] = [];

  constructor({ rate, windowMs = DEFAULT_WINDOW_MS, minCalls = DEFAULT_MIN_CALLS }: FailureRateOptions) {
    this.#rate = rate;
    this.#sliceMs = windowMs / SLICES;
    this.#minCalls = minCalls;
  }

  succeeded(now: Ms): void {
    this.#sliceAt(now).calls++;
  }

  failed(now: Ms, unanswered: number): boolean {
    const slice = this.#sliceAt(now);
    slice.calls++;
    slice.failures++;
    const calls = this.#slices.reduce((sum, each) => sum + each.calls, unanswered);
    const failures = this.#slices.reduce((sum, each) => sum + each.failures, unanswered);
    return calls >= this.#minCalls && failures / calls >= this.#rate;
  }

  reset(): void {
    this.#slices = [];
  }

  #sliceAt(now: Ms): Slice {
    const number = Math.floor(now / this.#sliceMs);
    const latest = this.#slices.at(-1);
    if (latest?.number === number) return latest;
    this.#slices = this.#slices.filter((slice) => slice.number > number - SLICES);
    const slice = { number, calls: 0, failures: 0 };
    this.#slices.push(slice);
    return slice;
  }
}
