import { expect, test } from "vitest";
import { RecencyList } from "./recency-list.ts";

/** The same by a Map, which keeps the order in which it was given something. */
class Model {
  readonly held = new Map<string, number>();

  get(id: string): number | undefined {
    const held = this.held.get(id);
    if (held !== undefined) this.set(id, held);
    return held;
  }

  set(id: string, held: number): number | undefined {
    const before = this.held.get(id);
    this.held.delete(id);
    this.held.set(id, held);
    return before;
  }

  delete(id: string): number | undefined {
    const before = this.held.get(id);
    this.held.delete(id);
    return before;
  }
}

/** A generator of numbers below a bound, the same ones in every run (Lehmer, 1951). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

test.each([1, 2, 3])("after any steps it holds the same in the same order as a Map does (seed %i)", (seed) => {
  const next = numbers(seed);
  const [list, model] = [new RecencyList<number>(), new Model()];
  for (let step = 0; step < 5_000; step++) {
    const id = `id-${next(60)}`;
    const kind = next(10);
    if (kind < 4) expect(list.set(id, step)).toBe(model.set(id, step));
    else if (kind < 7) expect(list.get(id)).toBe(model.get(id));
    else if (kind < 8) expect(list.peek(id)).toBe(model.held.get(id));
    else expect(list.delete(id)).toBe(model.delete(id));
    expect(list.oldest).toBe(model.held.keys().next().value);
    expect(list.size).toBe(model.held.size);
  }
  const order: string[] = [];
  for (let { oldest } = list; oldest !== undefined; oldest = list.oldest) {
    order.push(oldest);
    list.delete(oldest);
  }
  expect(order).toEqual([...model.held.keys()]);
});

test("everything keeps its place while it is held, and a free place is used again", () => {
  const list = new RecencyList<string>();
  for (const id of ["a", "b", "c"]) list.set(id, id);
  expect([1, 2, 3].map((place) => list.idAt(place))).toEqual(["a", "b", "c"]);
  list.get("a");
  list.set("b", "again");
  expect([1, 2, 3].map((place) => list.idAt(place))).toEqual(["a", "b", "c"]);
  list.delete("b");
  expect(list.idAt(2)).toBeUndefined();
  list.set("d", "d");
  expect(list.idAt(2)).toBe("d");
  expect(list.places).toBe(4);
});

test("cleared, it is as new", () => {
  const list = new RecencyList<number>();
  for (let id = 0; id < 100; id++) list.set(`${id}`, id);
  list.clear();
  expect([list.size, list.places, list.oldest, list.get("5")]).toEqual([0, 1, undefined, undefined]);
  list.set("a", 1);
  expect([list.oldest, list.get("a"), [...list.ids()]]).toEqual(["a", 1, ["a"]]);
});
