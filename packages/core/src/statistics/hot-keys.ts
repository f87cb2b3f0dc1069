import { type OptionRule, positiveInteger } from "../option-rules.ts";

/** How keys that are read most are known. */
export interface HotKeysOptions {
  /**
   * How many keys are watched at a time; a whole number of at least 1. A key that takes more than one part in so many of the
   * reads is sure to be among them. @defaultValue 1_000
   */
  readonly capacity?: number;
}

/** A key that is read often. */
export interface HotKey<K> {
  /** The key's arguments, as `get` takes them. */
  readonly key: K;
  /** The most that its part of the recent reads can be, from 0 to 1. */
  readonly share: number;
  /** The least that it can be. */
  readonly leastShare: number;
}

/** What `hotKeys` accepts. */
export const hotKeysRule: OptionRule = {
  allowed: "true, false or an object with capacity, a whole number of at least 1",
  accepts: (value) => typeof value === "boolean" || isHotKeysOptions(value),
};

const DEFAULT_CAPACITY = 1_000;

/** After so many reads for each key watched, all that was counted so far weighs half: what was hot yesterday cools down. */
const READS_A_COUNTER = 100;

interface Counter<K> {
  readonly id: string;
  readonly key: K;
  count: number;
  /** The part of the count that may be other keys': what the counter showed when this key took it over. */
  inherited: number;
  place: number;
}

/**
 * The keys that are read most, in a fixed amount of memory however many there are: Space-Saving (Metwally, Agrawal and
 * El Abbadi, "Efficient Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005), with the counters in a heap,
 * the lowest on top, and counts that are halved from time to time.
 */
export class HotKeys<K> {
  readonly #capacity: number;
  readonly #byId = new Map<string, Counter<K>>();
  readonly #heap: Counter<K>[] = [];
  #reads = 0;

  constructor({ capacity = DEFAULT_CAPACITY }: HotKeysOptions) {
    this.#capacity = capacity;
  }

  /** How many keys are watched at present. */
  get size(): number {
    return this.#heap.length;
  }

  /** Counts one read of a key. */
  count(id: string, key: K): void {
    this.#reads++;
    const counter = this.#byId.get(id);
    if (counter !== undefined) {
      counter.count++;
      this.#sink(counter);
    } else if (this.#heap.length < this.#capacity)
      this.#rise(this.#watch({ id, key, inherited: 0 }, this.#heap.length));
    else this.#takeOver(id, key);
    if (this.#reads >= this.#capacity * READS_A_COUNTER) this.#cool();
  }

  /** The keys that are certain to be read most, the most read first. */
  top(count: number): readonly HotKey<K>[] {
    return this.#heap
      .map(({ key, count: most, inherited }) => {
        return { key, share: most / this.#reads, leastShare: (most - inherited) / this.#reads };
      })
      .toSorted((one, other) => other.leastShare - one.leastShare || other.share - one.share)
      .slice(0, count);
  }

  /** The least read of the keys gives way to a new one, which may have been read as often, for all that is known. */
  #takeOver(id: string, key: K): void {
    const least = this.#heap[0];
    if (least === undefined) return;
    this.#byId.delete(least.id);
    this.#sink(this.#watch({ id, key, inherited: least.count }, 0));
  }

  #watch({ id, key, inherited }: Pick<Counter<K>, "id" | "key" | "inherited">, place: number): Counter<K> {
    const counter: Counter<K> = { id, key, count: inherited + 1, inherited, place };
    this.#byId.set(id, counter);
    this.#heap[place] = counter;
    return counter;
  }

  #cool(): void {
    this.#reads /= 2;
    for (const counter of this.#heap) {
      counter.count /= 2;
      counter.inherited /= 2;
    }
  }

  /** Moves a counter to where none below it is lower. */
  #sink(counter: Counter<K>): void {
    for (;;) {
      const left = this.#heap[2 * counter.place + 1];
      const right = this.#heap[2 * counter.place + 2];
      const lower = right !== undefined && left !== undefined && right.count < left.count ? right : left;
      if (lower === undefined || lower.count >= counter.count) return;
      this.#swap(counter, lower);
    }
  }

  /** Moves a counter to where none above it is higher. */
  #rise(counter: Counter<K>): void {
    while (counter.place > 0) {
      const above = this.#heap[(counter.place - 1) >> 1];
      if (above === undefined || above.count <= counter.count) return;
      this.#swap(counter, above);
    }
  }

  #swap(one: Counter<K>, other: Counter<K>): void {
    const { place } = one;
    this.#heap[other.place] = one;
    this.#heap[place] = other;
    one.place = other.place;
    other.place = place;
  }
}

function isHotKeysOptions(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { capacity } = value as HotKeysOptions;
  if (Object.keys(value).some((name) => name !== "capacity")) return false;
  return capacity === undefined || positiveInteger.accepts(capacity);
}
