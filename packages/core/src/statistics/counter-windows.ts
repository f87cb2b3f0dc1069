import type { Ms } from "../contracts/clock.ts";
import { minutes, seconds } from "../durations.ts";

/** How long one slot of the ring is: windows slide in steps of it. */
export const SLOT_MS: Ms = seconds(15);

/** The longest window, in slots. */
const SLOTS = minutes(15) / SLOT_MS;

interface Slot {
  /** Which slot of all time it is. */
  number: number;
  readonly counts: Uint32Array;
}

/**
 * A fixed list of counters, summed up since the beginning and over windows that slide. Takes a fixed amount of memory
 * once each slot was in use; slots in which nothing happened take none.
 */
export class CounterWindows {
  readonly #total: Float64Array;
  readonly #slots: (Slot | undefined)[] = Array.from({ length: SLOTS });

  /** @param counters - How many counters there are. */
  constructor(counters: number) {
    this.#total = new Float64Array(counters);
  }

  /** The sums since the beginning. */
  get total(): ArrayLike<number> {
    return this.#total;
  }

  /** Counts so many at an instant that is not before any other one so far by more than the longest window. */
  add(counter: number, times: number, at: Ms): void {
    if (times === 0) return;
    this.#total[counter] = (this.#total[counter] ?? 0) + times;
    const { counts } = this.#slotOf(slotNumber(at));
    counts[counter] = (counts[counter] ?? 0) + times;
  }

  /** Counts so many that came evenly between two instants. */
  spread(counter: number, times: number, { from, until }: { readonly from: Ms; readonly until: Ms }): void {
    const first = slotNumber(from);
    const last = slotNumber(until);
    let left = times;
    // What came before the longest window is in the total alone.
    const before = Math.max(0, (last - SLOTS + 1) * SLOT_MS - from);
    if (before > 0) {
      const gone = Math.floor((times * before) / (until - from));
      this.#total[counter] = (this.#total[counter] ?? 0) + gone;
      left -= gone;
    }
    const each = left / (until - from - before);
    for (let slot = Math.max(first, last - SLOTS + 1); slot < last; slot++) {
      const begin = Math.max(from, slot * SLOT_MS);
      const share = Math.min(left, Math.floor(each * ((slot + 1) * SLOT_MS - begin)));
      this.add(counter, share, begin);
      left -= share;
    }
    this.add(counter, left, until);
  }

  /** The sums over the slots of the last while, the present one included. */
  last(windowMs: Ms, now: Ms): ArrayLike<number> {
    const sums = new Float64Array(this.#total.length);
    const newest = slotNumber(now);
    const oldest = newest - windowMs / SLOT_MS;
    for (const slot of this.#slots) {
      if (slot === undefined || slot.number <= oldest || slot.number > newest) continue;
      for (const [counter, count] of slot.counts.entries()) sums[counter] = (sums[counter] ?? 0) + count;
    }
    return sums;
  }

  /** Begins anew. */
  reset(): void {
    this.#total.fill(0);
    this.#slots.fill(undefined);
  }

  #slotOf(number: number): Slot {
    const place = ((number % SLOTS) + SLOTS) % SLOTS;
    const slot = this.#slots[place];
    if (slot === undefined) {
      const made = { number, counts: new Uint32Array(this.#total.length) };
      this.#slots[place] = made;
      return made;
    }
    if (slot.number !== number) {
      slot.number = number;
      slot.counts.fill(0);
    }
    return slot;
  }
}

/** Which slot of all time an instant is in. */
export function slotNumber(at: Ms): number {
  return Math.floor(at / SLOT_MS);
}
