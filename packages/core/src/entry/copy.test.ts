import { isDeepStrictEqual } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { copyOf } from "./copy.ts";

/** Whole numbers below a limit, the same for the same seed (xorshift32). */
function drawing(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** A random value of plain data, in which some objects stand at several places or within themselves. */
function randomValue(draw: (limit: number) => number): unknown {
  const made: object[] = [];
  const known = <T extends object>(value: T): T => {
    made.push(value);
    return value;
  };
  const leaves = [undefined, null, 0, -0, Number.NaN, "", "text", true, 7n, Number.POSITIVE_INFINITY];
  const make = (depth: number): unknown => {
    const kind = depth === 0 ? draw(4) : draw(10);
    if (kind < 3) return leaves[draw(leaves.length)];
    if (kind === 3) return made.length === 0 ? "none yet" : made[draw(made.length)];
    const parts = Array.from({ length: draw(4) }, () => depth - 1);
    if (kind === 4) return known(new Date(draw(1_000) - 500));
    if (kind === 5) return known(Float64Array.of(draw(9), draw(9)));
    if (kind === 6) {
      const list = known<unknown[]>([]);
      for (const part of parts) list.push(make(part));
      return list;
    }
    if (kind === 7) {
      const map = known(new Map());
      for (const part of parts) map.set(make(part), make(part));
      return map;
    }
    if (kind === 8) {
      const set = known(new Set());
      for (const part of parts) set.add(make(part));
      return set;
    }
    const object = known<Record<string, unknown>>({});
    for (const [at, part] of parts.entries()) object[["a", "__proto", "constructor", "1"][at] ?? "b"] = make(part);
    return object;
  };
  return make(5);
}

/** All objects of a value in the order in which they are met, so that two values can be compared place by place. */
function objectsOf(value: unknown): object[] {
  const met = new Set<object>();
  const go = (each: unknown): void => {
    if (typeof each !== "object" || each === null || met.has(each)) return;
    met.add(each);
    if (each instanceof Map) for (const pair of each) pair.forEach(go);
    else if (each instanceof Set) each.forEach(go);
    else if (!ArrayBuffer.isView(each)) Object.values(each).forEach(go);
  };
  go(value);
  return [...met];
}

describe("a copy", () => {
  test("of plain data is what structuredClone makes of it, place by place, and shares nothing", () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const value = randomValue(drawing(seed * 7_919));
      const copy = copyOf(value);
      const [theirs, ours, originals] = [objectsOf(structuredClone(value)), objectsOf(copy), objectsOf(value)];
      // The same count of different objects: what stood at two places is one object, a cycle is one.
      expect([seed, ours.length]).toEqual([seed, theirs.length]);
      expect(ours.every((one, at) => isDeepStrictEqual(one, theirs[at]))).toBe(true);
      expect(ours.some((one) => originals.includes(one))).toBe(false);
    }
  });

  test.each<[string, () => unknown]>([
    ["a list with gaps", () => Object.assign([1], { length: 3 })],
    ["a list with a gap and a name", () => Object.assign([1], { length: 2, name: "x" })],
    ["a list of four billion gaps", () => Object.assign([], { length: 2 ** 32 - 1, 5: {} })],
    ["a list with names besides its indices", () => /(?<word>a)/.exec("a")],
    ["an own key __proto__", () => JSON.parse('{"__proto__":{"admin":true},"a":{}}') as unknown],
    ["an object without a prototype", () => Object.assign(Object.create(null) as object, { a: {} })],
    ["symbols as keys", () => ({ [Symbol("a")]: {}, b: {} })],
    [
      "a getter",
      () => ({
        get a() {
          return { b: 1 };
        },
      }),
    ],
    ["what cannot be enumerated", () => Object.defineProperty({ a: 1 }, "hidden", { value: {} })],
    [
      "an instance of a class",
      () =>
        new (class Money {
          cents = 5;
        })(),
    ],
    ["a list of a class of its own", () => class Rows extends Array {}.from([1, {}])],
    ["an error with a cause", () => new RangeError("a", { cause: new Error("b") })],
    ["a regular expression", () => /a+/gu],
    ["boxed primitives", () => [new Number(1), new String("a"), new Boolean(false)]],
    [
      "an ArrayBuffer and a view of it",
      () => {
        const bytes = Uint8Array.of(1, 2);
        return { bytes, of: bytes.buffer };
      },
    ],
    ["a resizable ArrayBuffer", () => new ArrayBuffer(2, { maxByteLength: 8 })],
    [
      "an instance in a Map in a list",
      () => [
        new Map([
          [
            {},
            new (class Money {
              cents = 5;
            })(),
          ],
        ]),
      ],
    ],
    ["an invalid date", () => new Date(Number.NaN)],
  ])("of %s is what structuredClone makes of it", (_kind, make) => {
    const [copy, theirs] = [copyOf(make()), structuredClone(make())];
    expect(copy).toStrictEqual(theirs);
    expect(Object.getPrototypeOf(copy)).toBe(Object.getPrototypeOf(theirs));
    expect(Reflect.ownKeys(copy as object)).toEqual(Reflect.ownKeys(theirs as object));
    expect({}).not.toHaveProperty("admin");
  });

  test("reads each getter once and calls nothing else", () => {
    const get = vi.fn(() => ({ b: 1 }));
    const value = [Object.defineProperty({}, "a", { get, enumerable: true })];
    expect(copyOf(value)).toEqual([{ a: { b: 1 } }]);
    expect(get).toHaveBeenCalledTimes(1);
  });

  test.each<[string, () => unknown]>([
    ["a function", () => [() => 1]],
    ["a symbol", () => Symbol("a")],
    ["a symbol in a Set", () => new Set([Symbol("a")])],
    ["a promise", () => ({ later: Promise.resolve(1) })],
    ["a WeakMap", () => new WeakMap()],
    ["a proxy", () => ({ all: new Proxy([], {}) })],
    [
      "a proxy that throws",
      () =>
        new Proxy(
          {},
          {
            getPrototypeOf: () => {
              throw new Error("trapped");
            },
          },
        ),
    ],
  ])("of %s is refused as structuredClone refuses it", (_kind, make) => {
    expect(() => copyOf(make())).toThrow(expect.objectContaining({ name: "DataCloneError" }));
  });

  test("of what goes on without end, or deeper than the stack, is refused", () => {
    const endless = (): object => ({
      get next() {
        return endless();
      },
    });
    expect(() => copyOf(endless())).toThrow(RangeError);
    let nested: unknown = 1;
    for (let depth = 0; depth < 100_000; depth++) nested = [nested];
    expect(() => copyOf(nested)).toThrow(RangeError);
  });
});
