import type { Entry, LocalSpace, Ms } from "@tiercache/core";
import { LRUCache } from "lru-cache";
import type { Budget, Holder } from "./budget.ts";
import type { Grant } from "./grants.ts";

/** How much of the budget an entry takes. Anything but a whole number of at least 1 means that it does not fit. */
export type SizeOf = (entry: Entry<unknown>) => number;

/**
 * The space of one namespace, with a list of its own so that it is looked up by the bare id.
 *
 * The list has a `maxSize` and no `max`, which would allocate for that many entries at once; and no `ttl`: it would cost
 * a reading of the clock on every hit.
 */
export class LruSpace<V> implements LocalSpace<V>, Holder {
  readonly grant: Grant;
  /** Handed over with every `get`, which would make an object of its own otherwise, and writes to it. */
  readonly #getOptions: { status: undefined } = { status: undefined };
  readonly #list: LRUCache<string, Entry<V>>;
  /** The list's entries in the order of their coming. A round over the list itself would be upset by every hit. */
  readonly #held = new Map<string, Entry<V>>();
  /**
   * How far the present round has come. Goes on with every write: one that stood still would keep in memory all that the
   * map has ever been.
   */
  #round: MapIterator<[string, Entry<V>]> | undefined;
  /** No entry held expires before this instant. */
  #soonest: Ms = Number.POSITIVE_INFINITY;
  readonly #budget: Budget;
  readonly #sizeOf: SizeOf;

  constructor(budget: Budget, sizeOf: SizeOf, grant: Grant) {
    this.grant = grant;
    this.#list = new LRUCache({
      maxSize: grant.max,
      noDisposeOnSet: true,
      dispose: (_, id) => void this.#held.delete(id),
    });
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
    this.#getOptions.status = undefined;
    return this.#list.get(id, this.#getOptions as object);
  }

  peek(id: string): Entry<V> | undefined {
    return this.#list.peek(id);
  }

  set(id: string, entry: Entry<V>, now: Ms): void {
    const size = this.#sizeOf(entry);
    if (!Number.isSafeInteger(size) || size < 1 || size > this.grant.max || entry.expiresAt <= now) {
      this.delete(id);
      return;
    }
    this.#budget.sweep(this, now);
    const before = this.taken;
    this.#list.set(id, entry, { size });
    this.#held.set(id, entry);
    if (entry.expiresAt < this.#soonest) this.#soonest = entry.expiresAt;
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
    this.#soonest = Number.POSITIVE_INFINITY;
  }

  evict(): void {
    const before = this.taken;
    this.#list.pop();
    this.#budget.give(before - this.taken);
  }

  sweep(now: Ms): boolean {
    if (this.#round === undefined) {
      if (now < this.#soonest) return false;
      this.#round = this.#held.entries();
    }
    const { done, value } = this.#round.next();
    if (done === true) {
      this.#round = undefined;
      return false;
    }
    const [id, entry] = value;
    if (entry.expiresAt <= now) this.delete(id);
    return true;
  }
}
