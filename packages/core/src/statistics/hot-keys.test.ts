import { expect, test } from "vitest";
import { HotKeys } from "./hot-keys.ts";

/** Keys by Zipf's law with exponent 1, the same in every run. */
function* zipf(keys: number, reads: number): Generator<number> {
  const weights = Array.from({ length: keys }, (_, rank) => 1 / (rank + 1));
  const sum = weights.reduce((one, other) => one + other, 0);
  let state = 1;
  for (let read = 0; read < reads; read++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    let left = (state / 2 ** 32) * sum;
    let key = 0;
    while (key < keys - 1 && left > (weights[key] ?? 0)) left -= weights[key++] ?? 0;
    yield key;
  }
}

test("every key is known exactly while there are no more than are watched", () => {
  const sketch = new HotKeys<string>({ capacity: 3 });
  for (const key of ["a", "b", "a", "c", "a", "b"]) sketch.count(key, key);
  expect(sketch.top(2)).toEqual([
    { key: "a", share: 1 / 2, leastShare: 1 / 2 },
    { key: "b", share: 1 / 3, leastShare: 1 / 3 },
  ]);
});

test("the keys read most are found among a hundred times as many, and their true shares lie within what is said", () => {
  const sketch = new HotKeys<number>({ capacity: 100 });
  const reads = new Map<number, number>();
  // Fewer than make the sketch forget.
  const total = 9_900;
  for (const key of zipf(10_000, total)) {
    reads.set(key, (reads.get(key) ?? 0) + 1);
    sketch.count(String(key), key);
  }
  const top = sketch.top(5);
  expect(top.map(({ key }) => key).toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4]);
  for (const { key, share, leastShare } of sketch.top(100)) {
    const actual = (reads.get(key) ?? 0) / total;
    expect(leastShare).toBeLessThanOrEqual(actual);
    expect(share).toBeGreaterThanOrEqual(actual);
  }
});

test("a key that takes more than one part in as many reads as keys are watched is always among them", () => {
  const sketch = new HotKeys<number>({ capacity: 10 });
  for (let read = 0; read < 900; read++) sketch.count(String(read % 9 === 0 ? -1 : read), read % 9 === 0 ? -1 : read);
  expect(sketch.top(10).map(({ key }) => key)).toContain(-1);
});

test("it is the key read least that gives way to a new one", () => {
  const sketch = new HotKeys<string>({ capacity: 3 });
  for (const key of ["a", "a", "a", "b", "c", "b", "d", "e"]) sketch.count(key, key);
  const kept = sketch.top(3).map(({ key }) => key);
  expect(kept).toEqual(["a", "b", "e"]);
});

test("no more keys are held than are watched, however many are read", () => {
  const sketch = new HotKeys<number>({ capacity: 50 });
  for (let key = 0; key < 100_000; key++) sketch.count(String(key), key);
  expect(sketch.size).toBe(50);
  expect(sketch.top(1_000)).toHaveLength(50);
});

test("what was hot long ago gives way to what is hot now", () => {
  const sketch = new HotKeys<string>({ capacity: 10 });
  for (let read = 0; read < 5_000; read++) sketch.count("old", "old");
  for (let read = 0; read < 4_000; read++) sketch.count("new", "new");
  expect(sketch.top(1)[0]?.key).toBe("new");
});
