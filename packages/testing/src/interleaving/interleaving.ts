import { setImmediate } from "node:timers/promises";
import { type ManualClock, manualClock } from "../manual-clock.ts";
import type { Outcome } from "./outcome.ts";
import type { FaultKind } from "./scheduler.ts";
import { ScriptedProcess } from "./scripted-process.ts";
import type { ScriptedStep } from "./scripted-step.ts";

/** One of the things that are to happen at the same time. */
interface Operation {
  readonly name: string;
  readonly run: () => unknown;
  outcome: Mutable<Outcome> | undefined;
}

type Mutable<T> = { -readonly [M in keyof T]: T[M] };

/** What may go wrong in one run. */
export interface FaultBudget {
  readonly maxFaults: number;
  readonly faults: readonly FaultKind[];
}

/**
 * One run of some operations, in an order that a schedule decides: what a world is built on, each time anew, for
 * {@link exploreInterleavings}.
 */
export class Interleaving {
  /**
   * The time of the run. It passes by itself only when nothing else is under way and an operation has not ended: then to
   * the next timer. It may be moved by hand while the world is built, when it is looked at, and by an operation of its own.
   */
  readonly clock: ManualClock = manualClock();
  readonly #processes = new Map<string, ScriptedProcess>();
  readonly #faults: readonly FaultKind[];
  #faultsLeft: number;
  #operations: readonly Operation[] = [];
  #isRunning = false;
  /** How often time has passed. */
  #passings = 0;
  readonly #taken: ScriptedStep[] = [];

  /** @internal */
  constructor({ maxFaults, faults }: FaultBudget) {
    this.#faultsLeft = maxFaults;
    this.#faults = faults;
  }

  /** A process by its name: the same for the same name. */
  process(name: string): ScriptedProcess {
    const known = this.#processes.get(name);
    if (known !== undefined) return known;
    const process = new ScriptedProcess(name);
    this.#processes.set(name, process);
    if (this.#isRunning) process.begin();
    return process;
  }

  /** @internal The steps so far. */
  get taken(): readonly ScriptedStep[] {
    return this.#taken;
  }

  /** @internal How each of the operations went. */
  get history(): Readonly<Record<string, Outcome>> {
    const ended = this.#operations.map(({ name, outcome }) => [name, outcome] as const);
    return Object.fromEntries(ended.filter((each): each is readonly [string, Outcome] => each[1] !== undefined));
  }

  /** @internal The names of the operations that have not ended. */
  get unfinished(): readonly string[] {
    return this.#operations
      .filter(({ outcome }) => outcome === undefined || outcome.endedAt === 0)
      .map(({ name }) => name);
  }

  /** @internal From now on whatever happens is a step. */
  async begin(operations: readonly (readonly [name: string, run: () => unknown])[]): Promise<void> {
    await setImmediate();
    this.#operations = operations.map(([name, run]) => ({ name, run, outcome: undefined }));
    this.#isRunning = true;
    for (const process of this.#processes.values()) process.begin();
  }

  /** @internal From now on everything happens by itself. */
  async end(): Promise<void> {
    this.#isRunning = false;
    for (const process of this.#processes.values()) process.end();
    await setImmediate();
  }

  /** @internal What may happen next. */
  steps(): readonly ScriptedStep[] {
    const under = [...this.#processes.values()].flatMap((process) => process.steps());
    const regular = under.filter(({ fault }) => fault === undefined);
    if (regular.length === 0 && this.#isWaitedFor) regular.push(...this.#passing(undefined));
    regular.push(...this.#beginnings());
    if (this.#faultsLeft === 0 || regular.length === 0) return regular;
    const faults = [...under.filter(({ fault }) => fault !== undefined), ...this.#passing("time")];
    return [...regular, ...faults.filter(({ fault }) => fault !== undefined && this.#faults.includes(fault))];
  }

  /** @internal Takes a step and lets everything run that waits for no other. */
  async take(step: ScriptedStep): Promise<void> {
    this.#taken.push(step);
    if (step.fault !== undefined) this.#faultsLeft--;
    step.take();
    // A turn of the event loop ends only when no promise and no tick callback is left to run.
    await setImmediate();
  }

  /** Whether an operation has begun and not ended. */
  get #isWaitedFor(): boolean {
    return this.#operations.some(({ outcome }) => outcome?.endedAt === 0);
  }

  #beginnings(): readonly ScriptedStep[] {
    const waiting = this.#operations.filter(({ outcome }) => outcome === undefined);
    return waiting.map((operation) => ({
      label: `${operation.name}: begins`,
      touches: "everything",
      take: () => void this.#run(operation),
    }));
  }

  async #run(operation: Operation): Promise<void> {
    const outcome: Mutable<Outcome> = { beganAt: this.#taken.length, endedAt: 0, value: undefined, error: undefined };
    operation.outcome = outcome;
    try {
      outcome.value = await operation.run();
    } catch (error) {
      outcome.error = error;
    }
    outcome.endedAt = this.#taken.length;
  }

  #passing(fault: "time" | undefined): readonly ScriptedStep[] {
    const { clock } = this;
    const until = clock.nextAt;
    if (until === undefined) return [];
    const label = `time passes${fault === undefined ? "" : " early"} (${this.#passings + 1})`;
    const take = (): void => {
      this.#passings++;
      clock.advance(until - clock.now());
    };
    return [{ label, detail: `to ${until}`, touches: "everything", fault, isOptional: true, take }];
  }
}
