import { setTimeout as pause } from "node:timers/promises";
import { keysOf } from "../key-space.ts";
import { monotonicMs } from "../monotonic.ts";
import { OPERATIONS } from "../operations/all-operations.ts";
import type { Operation, OperationPlace } from "../operations/operation.ts";
import { read } from "../operations/read.ts";

/** How many operations a worker has under way, and how long each of them rests in between at most. */
const LOOPS = 6;
const LONGEST_REST_MS = 8;

const TOTAL_WEIGHT = OPERATIONS.reduce((sum, { weight }) => sum + weight, 0);

/** What is under way. */
interface UnderWay {
  readonly operation: string;
  readonly key: string;
  readonly from: number;
}

/** Does operations by chance, several at a time, until it is told to stop. */
export class Workload {
  readonly #place: OperationPlace;
  readonly #underWay = new Set<UnderWay>();
  #loops: readonly Promise<void>[] = [];
  #isOn = false;

  constructor(place: OperationPlace) {
    this.#place = place;
  }

  /** Every key that nobody is going to read has a value before anything goes wrong. */
  async begin(): Promise<void> {
    const { worker, workers } = this.#place;
    const silent = keysOf("silent").filter((_, index) => index % workers === worker);
    await Promise.all(silent.map((key) => read.run(this.#place, [key])));
    this.#isOn = true;
    this.#loops = Array.from({ length: LOOPS }, () => this.#loop());
  }

  /** Waits for the operations under way. Those that do not end in time are recorded. */
  async stop(withinMs: number): Promise<void> {
    this.#isOn = false;
    const late = new AbortController();
    const ended = Promise.all(this.#loops).finally(() => late.abort());
    await Promise.race([ended, pause(withinMs, undefined, { signal: late.signal }).catch(() => {})]);
    for (const { operation, key, from } of this.#underWay) {
      this.#place.recorder.add({ kind: "unfinished", operation, key, from, to: monotonicMs() });
    }
  }

  async #loop(): Promise<void> {
    const { random } = this.#place;
    while (this.#isOn) {
      const operation = this.#chosen();
      const keys = operation.keys(this.#place);
      const underWay = { operation: operation.name, key: keys[0] ?? "", from: monotonicMs() };
      this.#underWay.add(underWay);
      await operation.run(this.#place, keys);
      this.#underWay.delete(underWay);
      await pause(random.between(0, LONGEST_REST_MS));
    }
  }

  #chosen(): Operation {
    let left = this.#place.random.next() * TOTAL_WEIGHT;
    for (const operation of OPERATIONS) {
      if (left < operation.weight) return operation;
      left -= operation.weight;
    }
    return OPERATIONS[0] as Operation;
  }
}
