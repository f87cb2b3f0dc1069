import type { Ms } from "@tiercache/core";

/** What the origin has of a key, or what was set in its place: no two are the same. */
export interface Value {
  readonly key: string;
  readonly version: number;
}

/** How a value came to be. */
export interface Making {
  readonly value: Value;
  /** The step at which it was read from the origin, or set. */
  readonly madeAt: number;
  /** The instant at which it was handed over to be kept; `undefined` while its load goes on. */
  keptAt: Ms | undefined;
}

interface RunningLoad {
  readonly process: number;
  readonly makings: readonly Making[];
  readonly ending: PromiseWithResolvers<Value[]>;
}

/** An origin that changes with every look at it, and knows of each value when that was the newest. */
export class Origin {
  /** How loads end that begin from now on: at once, at once by failing, or when told. */
  loads: "quick" | "failing" | "slow" = "quick";
  readonly #makings: Making[] = [];
  #running: RunningLoad[] = [];
  #ended: RunningLoad[] = [];

  /** Loads the values of keys. */
  load(
    { process, step }: { readonly process: number; readonly step: number },
    keys: readonly string[],
  ): Promise<Value[]> {
    const makings = keys.map((key) => this.#make(key, step));
    const load: RunningLoad = { process, makings, ending: Promise.withResolvers() };
    this.#running.push(load);
    if (this.loads !== "slow") this.#end(load, this.loads === "quick");
    return load.ending.promise;
  }

  /** A value that is set instead of loaded. */
  written(key: string, step: number, now: Ms): Value {
    const making = this.#make(key, step);
    making.keptAt = now;
    return making.value;
  }

  /** Ends one of the slow loads, if there are any. */
  endOne(which: "oldest" | "newest", succeeds: boolean): void {
    const load = this.#running.at(which === "oldest" ? 0 : -1);
    if (load !== undefined) this.#end(load, succeeds);
  }

  /** Everything that could run has run: what was loaded has been kept by now. */
  settled(now: Ms): void {
    for (const { makings } of this.#ended) for (const making of makings) making.keptAt = now;
    this.#ended = [];
  }

  /** Whether a load of a process is running, or has just ended. */
  isLoadingFor(process: number): boolean {
    return [...this.#running, ...this.#ended].some((load) => load.process === process);
  }

  /** How a value came to be; `undefined` for one that never was. */
  makingOf({ version }: Value): Making | undefined {
    return this.#makings[version];
  }

  #make(key: string, madeAt: number): Making {
    const making: Making = { value: { key, version: this.#makings.length }, madeAt, keptAt: undefined };
    this.#makings.push(making);
    return making;
  }

  #end(load: RunningLoad, succeeds: boolean): void {
    this.#running = this.#running.filter((other) => other !== load);
    this.#ended.push(load);
    if (succeeds) load.ending.resolve(load.makings.map(({ value }) => value));
    else load.ending.reject(new OriginError());
  }
}

/** The origin's own failure. */
export class OriginError extends Error {}
