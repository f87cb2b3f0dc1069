/** No place: what stands at both ends of the list. */
const END = 0;

/** The places that a new list has. */
const FIRST_PLACES = 16;

/**
 * What is held by id, in the order of its last use. Everything has a place, a number of at least 1 that stays while it is held, by which
 * it is linked to what was used before and after it: two numbers an element, where a list of objects takes one more object for each.
 */
export class RecencyList<T> {
  readonly #places = new Map<string, number>();
  readonly #ids: (string | undefined)[] = [undefined];
  readonly #held: (T | undefined)[] = [undefined];
  /** By place, what was used right after it; of {@link END} the one that was not used for the longest time; of a free place the next one. */
  #newer = new Uint32Array(FIRST_PLACES);
  /** By place, what was used right before it; of {@link END} the last one used. */
  #older = new Uint32Array(FIRST_PLACES);
  #free = END;

  get size(): number {
    return this.#places.size;
  }

  /** One more than the highest place ever used. */
  get places(): number {
    return this.#ids.length;
  }

  /** What is held under an id, which counts as its use. */
  get(id: string): T | undefined {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    if (this.#older[END] !== place) {
      this.#unlink(place);
      this.#linkLast(place);
    }
    return this.#held[place];
  }

  /** As {@link get}, without counting as a use. */
  peek(id: string): T | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#held[place];
  }

  /** Holds something under an id, which counts as its use. Returns what was held there before. */
  set(id: string, held: T): T | undefined {
    const known = this.#places.get(id);
    const place = known ?? this.#freePlace();
    const before = this.#held[place];
    this.#held[place] = held;
    if (known === undefined) {
      this.#ids[place] = id;
      this.#places.set(id, place);
    } else this.#unlink(place);
    this.#linkLast(place);
    return before;
  }

  /** Holds nothing under an id any longer. Returns what was held there. */
  delete(id: string): T | undefined {
    const place = this.#places.get(id);
    if (place === undefined) return undefined;
    const before = this.#held[place];
    this.#places.delete(id);
    this.#unlink(place);
    this.#ids[place] = undefined;
    this.#held[place] = undefined;
    this.#newer[place] = this.#free;
    this.#free = place;
    return before;
  }

  /** The id that was not used for the longest time; `undefined` where nothing is held. */
  get oldest(): string | undefined {
    return this.#ids[this.#newer[END] ?? END];
  }

  /** The id at a place; `undefined` for a free one. */
  idAt(place: number): string | undefined {
    return this.#ids[place];
  }

  clear(): void {
    this.#places.clear();
    this.#ids.length = 1;
    this.#held.length = 1;
    this.#newer = new Uint32Array(FIRST_PLACES);
    this.#older = new Uint32Array(FIRST_PLACES);
    this.#free = END;
  }

  ids(): Iterable<string> {
    return this.#places.keys();
  }

  #freePlace(): number {
    const free = this.#free;
    if (free !== END) {
      this.#free = this.#newer[free] ?? END;
      return free;
    }
    const place = this.#ids.length;
    this.#ids.push(undefined);
    this.#held.push(undefined);
    if (place >= this.#newer.length) {
      this.#newer = grown(this.#newer);
      this.#older = grown(this.#older);
    }
    return place;
  }

  #unlink(place: number): void {
    const newer = this.#newer[place] ?? END;
    const older = this.#older[place] ?? END;
    this.#newer[older] = newer;
    this.#older[newer] = older;
  }

  #linkLast(place: number): void {
    const last = this.#older[END] ?? END;
    this.#newer[last] = place;
    this.#older[place] = last;
    this.#newer[place] = END;
    this.#older[END] = place;
  }
}

/** By half, as arrays grow that hold anything. */
function grown(numbers: Uint32Array): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(Math.ceil(numbers.length * 1.5));
  more.set(numbers);
  return more;
}
