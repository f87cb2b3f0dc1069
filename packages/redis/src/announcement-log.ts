import type { CancelTimer, Clock, Ms } from "@tiercache/core";
import type { NumberRange } from "./cluster-message.ts";

/** How often it is told what has been announced. */
export const TOLD_EVERY_MS: Ms = 250;

/** How often each announcement is told, so that some of it may be lost. */
const TOLD_TIMES = 3;

/** More than this many are forgotten, oldest first: they could not be told for long. */
const MAX_NUMBERS = 100_000;

/** What a log needs. */
export interface AnnouncementLogParts {
  readonly clock: Pick<Clock, "after">;
  /** Tells all who listen; rejects where it could not. */
  readonly tell: (ranges: readonly NumberRange[]) => Promise<void>;
}

/**
 * What this process has announced of late and has been acknowledged: told a few times to all who listen, so that they notice
 * what has not reached them. What was refused, or has failed, is not told: nobody relies on it.
 */
export class AnnouncementLog {
  readonly #parts: AnnouncementLogParts;
  /** How often each of late has been told, in the order in which they were acknowledged. */
  readonly #told = new Map<number, number>();
  #last = 0;
  #cancel: CancelTimer | undefined;
  #isOpen = true;

  constructor(parts: AnnouncementLogParts) {
    this.#parts = parts;
  }

  /** A number that no other announcement of this process has. */
  next(): number {
    return ++this.#last;
  }

  /** The announcement of this number has been made, and whoever asked for it is told so. */
  acknowledged(number: number): void {
    if (!this.#isOpen) return;
    this.#told.set(number, 0);
    const [oldest] = this.#told.keys();
    if (this.#told.size > MAX_NUMBERS && oldest !== undefined) this.#told.delete(oldest);
    this.#tellLater();
  }

  close(): void {
    this.#isOpen = false;
    this.#cancel?.();
  }

  #tellLater(): void {
    this.#cancel ??= this.#parts.clock.after(TOLD_EVERY_MS, () => void this.#tellAll());
  }

  async #tellAll(): Promise<void> {
    const numbers = [...this.#told.keys()];
    try {
      await this.#parts.tell(rangesIn(numbers.toSorted((one, other) => one - other)));
      for (const number of numbers) this.#count(number);
    } catch {
      // Told the next time, and once more then.
    }
    this.#cancel = undefined;
    if (this.#isOpen && this.#told.size > 0) this.#tellLater();
  }

  #count(number: number): void {
    const times = (this.#told.get(number) ?? 0) + 1;
    if (times >= TOLD_TIMES) this.#told.delete(number);
    else this.#told.set(number, times);
  }
}

function rangesIn(sorted: readonly number[]): readonly NumberRange[] {
  const ranges: [number, number][] = [];
  for (const number of sorted) {
    const last = ranges.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges;
}
