import type { Entry, EvictionCause, LocalSpace, Ms } from "@tiercache/core";
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
  readonly evictions: Record<EvictionCause, number> = { budget: 0, share: 0, expired: 0, refused: 0 };
  /** Who drops an entry of the list just now, where the list does so itself. */
  #cause: EvictionCause;

  constructor(budget: Budget, sizeOf: SizeOf, grant: Grant) {
    this.grant = grant;
    this.#list = new LRUCache({
      maxSize: grant.max,
      noDisposeOnSet: true,
      dispose: (_, id, reason) => {
        this.#held.delete(id);
        if (reason === "evict") this.evictions[this.#cause]++;
      },
    });
    this.#cause = this.#ownCause(budget);
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
    const fits = Number.isSafeInteger(size) && size >= 1 && size <= this.grant.max;
    if (!fits) this.evictions.refused++;
    if (!fits || entry.expiresAt <= now) {
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

  ids(): Iterable<string> {
    return this.#held.keys();
  }

  evict(): void {
    const before = this.taken;
    this.#cause = "budget";
    this.#list.pop();
    this.#cause = this.#ownCause(this.#budget);
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
    if (entry.expiresAt <= now) {
      this.delete(id);
      this.evictions.expired++;
    }
    return true;
  }

  /** Why the list drops what it has no room for: one that may take all of the budget is bounded by nothing else. */
  #ownCause({ limit }: Budget): EvictionCause {
    return this.grant.max === limit ? "budget" : "share";
  }
}
