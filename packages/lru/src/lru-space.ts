import type { Entry, EvictionCause, LocalSpace, Ms } from "@tiercache/core";
import type { Budget, Holder } from "./budget.ts";
import type { Grant } from "./grants.ts";
import { RecencyList } from "./recency-list.ts";

/** How much of the budget an entry takes. Anything but a whole number of at least 1 means that it does not fit. */
export type SizeOf = (entry: Entry<unknown>) => number;

/** How many places that are free a look goes past. */
const FREE_PLACES_A_LOOK = 16;

/** The space of one namespace, with a list of its own so that it is looked up by the bare id. */
export class LruSpace<V> implements LocalSpace<V>, Holder {
  readonly grant: Grant;
  readonly #list = new RecencyList<Entry<V>>();
  /** What each takes, by id; `undefined` where each takes 1. */
  readonly #sizes: Map<string, number> | undefined;
  #taken = 0;
  /** The place that the present round has come to; `undefined` between two rounds. */
  #round: number | undefined;
  /** No entry held expires before this instant. */
  #soonest: Ms = Number.POSITIVE_INFINITY;
  readonly #budget: Budget;
  readonly #sizeOf: SizeOf;
  readonly evictions: Record<EvictionCause, number> = { budget: 0, share: 0, expired: 0, refused: 0 };

  constructor(budget: Budget, sizeOf: SizeOf, grant: Grant) {
    this.grant = grant;
    this.#sizes = budget.unit === "bytes" ? new Map() : undefined;
    this.#budget = budget;
    this.#sizeOf = sizeOf;
    budget.join(this);
  }

  get size(): number {
    return this.#list.size;
  }

  get bytes(): number | undefined {
    return this.#budget.unit === "bytes" ? this.taken : undefined;
  }

  /** How much of the budget this space takes. */
  get taken(): number {
    return this.#taken;
  }

  get(id: string): Entry<V> | undefined {
    return this.#list.get(id);
  }

  peek(id: string): Entry<V> | undefined {
    return this.#list.peek(id);
  }

  set(id: string, entry: Entry<V>, now: Ms): void {
    const size = this.#sizeOf(entry);
    const fits = Number.isSafeInteger(size) && size >= 1 && size <= this.grant.max;
    if (!fits) this.evictions.refused++;
    if (!fits || entry.expiresAt <= now) {
      this.delete(id);
      return;
    }
    this.#budget.sweep(this, now);
    const before = this.taken;
    this.#put(id, entry, size);
    if (entry.expiresAt < this.#soonest) this.#soonest = entry.expiresAt;
    // Why it drops what it has no room for: one that may take all of the budget is bounded by nothing else.
    while (this.taken > this.grant.max) this.#drop(this.grant.max === this.#budget.limit ? "budget" : "share");
    this.#budget.take(this, this.taken - before);
  }

  delete(id: string): void {
    this.#budget.give(this.#remove(id));
  }

  clear(): void {
    this.#budget.give(this.taken);
    this.#list.clear();
    this.#sizes?.clear();
    this.#taken = 0;
    this.#soonest = Number.POSITIVE_INFINITY;
  }

  ids(): Iterable<string> {
    return this.#list.ids();
  }

  evict(): void {
    this.#budget.give(this.#drop("budget"));
  }

  sweep(now: Ms): boolean {
    if (this.#round === undefined) {
      if (now < this.#soonest) return false;
      this.#round = 1;
    }
    const { places } = this.#list;
    for (let look = 0; look < FREE_PLACES_A_LOOK; look++) {
      const place = this.#round++;
      if (place >= places) {
        this.#round = undefined;
        return false;
      }
      const id = this.#list.idAt(place);
      if (id === undefined) continue;
      this.#dropExpired(id, now);
      return true;
    }
    return true;
  }

  #dropExpired(id: string, now: Ms): void {
    const entry = this.#list.peek(id);
    if (entry === undefined || entry.expiresAt > now) return;
    this.delete(id);
    this.evictions.expired++;
  }

  #put(id: string, entry: Entry<V>, size: number): void {
    const sizeBefore = this.#list.set(id, entry) === undefined ? 0 : (this.#sizes?.get(id) ?? 1);
    this.#sizes?.set(id, size);
    this.#taken += size - sizeBefore;
  }

  /** Drops what was not used for the longest time. Returns how much that has taken. */
  #drop(cause: EvictionCause): number {
    const { oldest } = this.#list;
    if (oldest === undefined) return 0;
    this.evictions[cause]++;
    return this.#remove(oldest);
  }

  /** Returns how much was taken by what was removed. */
  #remove(id: string): number {
    if (this.#list.delete(id) === undefined) return 0;
    const size = this.#sizes?.get(id) ?? 1;
    this.#sizes?.delete(id);
    this.#taken -= size;
    return size;
  }
}
