import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { monotonicMs } from "../monotonic.ts";
import type { HistoryEvent } from "./event.ts";

/** An event without its recorder's name. */
export type Unsigned<E> = E extends HistoryEvent ? Omit<E, "process"> : never;

/** What takes no time, without its recorder's name and its instant. */
export type Instant<E> = E extends HistoryEvent ? Omit<E, "process" | "from" | "to"> : never;

/** Writes down what a process sees: in memory, so that the run is not slowed down, and to a file in the end. */
export class Recorder {
  readonly process: string;
  readonly #events: HistoryEvent[] = [];

  constructor(process: string) {
    this.process = process;
  }

  get events(): readonly HistoryEvent[] {
    return this.#events;
  }

  /** Records what has taken some time. */
  add(event: Unsigned<HistoryEvent>): void {
    this.#events.push(Object.assign(event, { process: this.process }));
  }

  /** Records what takes no time, as of now. */
  addNow(event: Instant<HistoryEvent>): void {
    const now = monotonicMs();
    this.add({ ...event, from: now, to: now });
  }

  /** Writes all events to a file, one in a line. */
  async save(path: string): Promise<void> {
    const file = createWriteStream(path);
    for (const event of this.#events) {
      if (!file.write(`${JSON.stringify(event)}\n`)) await once(file, "drain");
    }
    file.end();
    await finished(file);
  }
}
