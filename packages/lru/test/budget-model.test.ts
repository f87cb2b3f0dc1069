import { entryOf } from "@tiercache/testing";
import { expect, test } from "vitest";
import { Budget } from "../src/budget.ts";
import { LruSpace } from "../src/lru-space.ts";

interface Held {
  readonly id: string;
  readonly bytes: number;
}

/** What one space should hold, the least recently used first. Slow and plain. */
class ModelSpace {
  held: Held[] = [];

  get taken(): number {
    return this.held.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  without(id: string): void {
    this.held = this.held.filter((each) => each.id !== id);
  }

  use(id: string): Held | undefined {
    const found = this.held.find((each) => each.id === id);
    if (found === undefined) return undefined;
    this.without(id);
    this.held.push(found);
    return found;
  }
}

class Model {
  readonly spaces: readonly ModelSpace[];
  readonly limit: number;

  constructor(limit: number, spaces: number) {
    this.limit = limit;
    this.spaces = Array.from({ length: spaces }, () => new ModelSpace());
  }

  set(space: ModelSpace, held: Held): void {
    space.without(held.id);
    if (held.bytes < 1 || held.bytes > this.limit) return;
    space.held.push(held);
    // A space alone may not exceed the limit either, whatever the others hold.
    while (space.taken > this.limit) space.held.shift();
    while (this.spaces.reduce((sum, { taken }) => sum + taken, 0) > this.limit) this.#giver(space).held.shift();
  }

  #giver(writer: ModelSpace): ModelSpace {
    const bySize = this.spaces.toSorted((a, b) => b.taken - a.taken);
    const [largest, next] = bySize as [ModelSpace, ModelSpace];
    if (largest !== writer || writer.held.length > 1) return largest;
    return next.taken > this.limit / this.spaces.length ? next : writer;
  }
}

/** Mulberry32: the same numbers from 0 up to 1 for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])("any sequence of operations holds what the model holds (seed %d)", (seed) => {
  const random = seeded(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const limit = 20 + below(200);
  const model = new Model(limit, 1 + below(5));
  const budget = new Budget(limit);
  const spaces = model.spaces.map(() => new LruSpace<number>(budget, ({ value }) => value as number));
  for (let step = 0; step < 4_000; step++) {
    const index = below(spaces.length);
    const [space, modelSpace] = [spaces[index] as LruSpace<number>, model.spaces[index] as ModelSpace];
    const id = `id ${below(40)}`;
    const choice = random();
    if (choice < 0.6) {
      // Now and then nothing, or too much.
      const bytes = below(20) === 0 ? below(limit * 2) : below(limit / 4);
      space.set(id, entryOf(bytes, { createdAt: step }));
      model.set(modelSpace, { id, bytes });
    } else if (choice < 0.85) {
      expect(space.get(id)?.value).toBe(modelSpace.use(id)?.bytes);
    } else if (choice < 0.98) {
      space.delete(id);
      modelSpace.without(id);
    } else {
      space.clear();
      modelSpace.held = [];
    }
    expect(spaces.map(({ size, taken }) => [size, taken])).toEqual(
      model.spaces.map(({ held, taken }) => [held.length, taken]),
    );
    expect(budget.taken).toBe(model.spaces.reduce((sum, { taken }) => sum + taken, 0));
    expect(budget.taken).toBeLessThanOrEqual(limit);
  }
});
