import type { Entry, LocalSpace } from "@tiercache/core";
import { LRUCache } from "lru-cache";
import type { Budget, BudgetShare } from "./budget.ts";

/** How much of the budget an entry takes. Anything but a whole number of at least 1 means that it does not fit. */
export type SizeOf = (entry: Entry<unknown>) => number;

/**
 * The space of one namespace, with a list of its own so that it is looked up by the bare id.
 *
 * The list has a `maxSize` and no `max`, which would allocate for that many entries at once; and no `ttl`: it would
 * cost a reading of the clock on every hit, and expiry is not a tier's affair.
 */
export class LruSpace<V> implements LocalSpace<V>, BudgetShare {
  /** Handed over with every `get`, which would make an object of its own otherwise, and writes to it. */
  readonly #options: { status: undefined } = { status: undefined };
  readonly #list: LRUCache<string, Entry<V>>;
  readonly #budget: Budget;
  readonly #sizeOf: SizeOf;

  constructor(budget: Budget, sizeOf: SizeOf) {
    this.#list = new LRUCache({ maxSize: budget.limit });
    this.#budget = budget;
    this.#sizeOf = sizeOf;
    budget.join(this);
  }

  get size(): number {
    return this.#list.size;
  }

  /** How much of the budget this space takes. */
  get taken(): number {
    return this.#list.calculatedSize;
  }

  get(id: string): Entry<V> | undefined {
    this.#options.status = undefined;
    return this.#list.get(id, this.#options);
  }

  set(id: string, entry: Entry<V>): void {
    const size = this.#sizeOf(entry);
    if (!Number.isSafeInteger(size) || size < 1) {
      this.delete(id);
      return;
    }
    const before = this.taken;
    // What exceeds `maxSize` is not kept either, and takes the older entry of that id with it.
    this.#list.set(id, entry, { size });
    this.#budget.take(this, this.taken - before);
  }

  delete(id: string): void {
    const before = this.taken;
    this.#list.delete(id);
    this.#budget.give(before - this.taken);
  }

  clear(): void {
    this.#budget.give(this.taken);
    this.#list.clear();
  }

  /** Drops the entry that was not used for the longest time; returns how much of the budget it took. */
  evict(): number {
    const before = this.taken;
    this.#list.pop();
    return before - this.taken;
  }
}
