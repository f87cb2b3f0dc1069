import type { Ms } from "@tiercache/core";
import type { Grant } from "./grants.ts";

/** What takes a part of a {@link Budget}. */
export interface Holder {
  /** Its maximum is the holder's own to keep. */
  readonly grant: Grant;
  readonly size: number;
  readonly taken: number;
  /** Drops the entry that was not used for the longest time. */
  evict(): void;
  /** Looks at one entry of the present round and drops it if it has expired; `false` at the end of the round. */
  sweep(now: Ms): boolean;
}

/** How many entries of its own space a write looks at: two rounds while a full space is replaced once. */
const OWN_LOOKS = 2;

/**
 * One limit for many spaces. When it is exceeded, what has expired gives way first, then whoever holds most above what
 * it was granted. So a space never does which is at or below its grant and an equal part of what is granted to nobody;
 * and as long as the limit is not exceeded, one space may take as much as its own maximum allows.
 */
export class Budget {
  readonly limit: number;
  readonly unit: "entries" | "bytes";
  readonly #holders: Holder[] = [];
  #granted = 0;
  #taken = 0;
  /** Whose entries are looked at by the others' writes. */
  #turn = 0;

  constructor(limit: number, unit: "entries" | "bytes" = "entries") {
    this.limit = limit;
    this.unit = unit;
  }

  /** How much all spaces take together: at most the limit, between any two calls. */
  get taken(): number {
    return this.#taken;
  }

  join(holder: Holder): void {
    this.#holders.push(holder);
    this.#granted += holder.grant.min;
  }

  /**
   * Looks for what has expired, before room is made: at a few of the writer's own entries, which its maximum may drop,
   * and at one of a space that may not be writing.
   */
  sweep(writer: Holder, now: Ms): void {
    for (let look = 0; look < OWN_LOOKS; look++) writer.sweep(now);
    if (this.#holders[this.#turn]?.sweep(now) !== true) this.#turn = (this.#turn + 1) % this.#holders.length;
  }

  /** Counts what a space has taken more (or less) by an entry it has just set, and makes room for it. */
  take(writer: Holder, difference: number): void {
    this.#taken += difference;
    while (this.#taken > this.limit) this.#giver(writer).evict();
  }

  /** Counts what a space has given back. */
  give(returned: number): void {
    this.#taken -= returned;
  }

  /**
   * The space to evict from. If the one that was just written holds most, but nothing besides the new entry, the next
   * one gives way in its place, unless that would take from another's grant and equal part.
   */
  #giver(writer: Holder): Holder {
    const first = this.#mostAboveGrant();
    if (first !== writer || writer.size > 1) return first;
    const next = this.#mostAboveGrant(writer);
    return aboveGrant(next) * this.#holders.length > this.limit - this.#granted ? next : writer;
  }

  #mostAboveGrant(except?: Holder): Holder {
    let most: Holder | undefined;
    for (const holder of this.#holders) {
      if (holder !== except && (most === undefined || aboveGrant(holder) > aboveGrant(most))) most = holder;
    }
    // More than the limit is taken, and no single space can do that: there is another one.
    return most as Holder;
  }
}

/** Above 0 for at least one space whenever the limit is exceeded, as the grants of all are within it. */
function aboveGrant({ taken, grant }: Holder): number {
  return taken - grant.min;
}
