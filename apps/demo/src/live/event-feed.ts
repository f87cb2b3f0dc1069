import type { CacheEvent, Observer } from "@tiercache/core";
import { type EventLine, lineOf } from "./event-lines.ts";
import type { FeedEvent } from "./feed-event.ts";

/** How many events are remembered. */
const capacity = 200;

/** Equal lines within this time are one that counts. */
const mergedWithinMs = 1_000;

/** Remembers what has happened in an instance, newest last. Many equal events in a moment are one. */
export class EventFeed implements Observer {
  readonly #instance: string;
  readonly #now: () => number;
  #events: FeedEvent[] = [];
  #number = 0;

  /** @param now - In ms since 1970. @defaultValue the system's time */
  constructor(instance: string, now: () => number = Date.now) {
    this.#instance = instance;
    this.#now = now;
  }

  on(event: CacheEvent): void {
    const line = lineOf(event);
    if (line !== undefined) this.tell(line);
  }

  /** Adds a line, also of what is no event of a cache. */
  tell({ tone, text }: EventLine): void {
    const atEpochMs = this.#now();
    const number = ++this.#number;
    const equal = this.#events.findIndex(
      (known) => known.text === text && atEpochMs - known.atEpochMs < mergedWithinMs,
    );
    const [merged] = equal < 0 ? [] : this.#events.splice(equal, 1);
    const times = (merged?.times ?? 0) + 1;
    this.#events.push({
      number,
      atEpochMs: merged?.atEpochMs ?? atEpochMs,
      instance: this.#instance,
      tone,
      text,
      times,
    });
    if (this.#events.length > capacity) this.#events = this.#events.slice(-capacity);
  }

  /** What has happened since the event of that number, oldest first; an event that has happened again comes again. */
  after(number: number): readonly FeedEvent[] {
    return this.#events.filter((event) => event.number > number);
  }
}
