import { createRequire } from "node:module";
import { types } from "node:util";
import { describe, expect, test, vi } from "vitest";
import { deepFreeze, keepable, shareable } from "./isolation.ts";

class Money {
  cents = 5;
  readonly notes = { text: "new" };
}

describe("freezing a value", () => {
  test("reaches all plain objects and lists in it, those in a Map or a Set included", () => {
    const bare = Object.assign(Object.create(null) as object, { id: 1 });
    const [key, member, element, hidden] = [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }];
    const value = {
      list: [{ deep: [{}] }],
      bare,
      of: new Map([[key, member]]),
      all: new Set([element]),
      [Symbol("hidden")]: hidden,
    };
    deepFreeze(value);
    const [first] = value.list;
    for (const each of [value, value.list, first, first?.deep, first?.deep[0], bare, key, member, element, hidden]) {
      expect(Object.isFrozen(each)).toBe(true);
    }
  });

  test("leaves the Map, the Set, the date, the bytes, the error and the instance as they are", () => {
    const money = new Money();
    const value = {
      of: new Map([["a", 1]]),
      all: new Set([1]),
      at: new Date(0),
      bytes: Buffer.from("abc"),
      failure: Object.assign(new Error("no"), { details: {} }),
      money,
    };
    deepFreeze(value);
    value.of.set("b", 2);
    value.all.add(2);
    value.at.setTime(5);
    value.bytes[0] = 0;
    money.cents = 6;
    money.notes.text = "old";
    expect(Object.isFrozen(value.failure.details)).toBe(false);
    expect(value).toMatchObject({ money: { cents: 6 }, bytes: Buffer.of(0, 98, 99) });
  });

  test("goes on below what is frozen already", () => {
    const value = Object.freeze({ inner: { list: [1] } });
    deepFreeze(value);
    expect(Object.isFrozen(value.inner.list)).toBe(true);
  });

  test("sees what has come into a Map or a Set since the last time", () => {
    const of = new Map([["a", {}]]);
    const value = { of };
    deepFreeze(value);
    const late = {};
    of.set("b", late);
    deepFreeze(value);
    expect(Object.isFrozen(late)).toBe(true);
  });

  test("ends for a cycle, for a value nested 100,000 deep and for a list of gaps", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = [cycle];
    deepFreeze(cycle);
    expect(Object.isFrozen(cycle)).toBe(true);
    const innermost = {};
    let nested: unknown = innermost;
    for (let depth = 0; depth < 100_000; depth++) nested = depth % 2 === 0 ? [nested] : { nested };
    deepFreeze(nested);
    expect(Object.isFrozen(innermost)).toBe(true);
    const sparse = Object.assign([], { length: 2 ** 32 - 1, 7: innermost });
    expect(Object.isFrozen(deepFreeze(sparse))).toBe(true);
  });

  test("calls no getter, no handler of a proxy, no iterator and no method of what it finds", () => {
    const called = vi.fn(() => {
      throw new Error("called");
    });
    const handler = new Proxy({}, { get: () => called });
    class Watched extends Map<string, object> {
      override keys = called;
      override values = called;
      override entries = called;
      override forEach = called;
    }
    const member = {};
    const watched = new Watched();
    watched.set("a", member);
    const list = Object.assign([{}], { [Symbol.iterator]: called });
    deepFreeze({
      get boom() {
        return called();
      },
      proxy: new Proxy({}, handler),
      ofProxies: [new Proxy([], handler)],
      overProxy: Object.create(new Proxy({}, handler)) as unknown,
      watched,
      list,
    });
    expect(called).not.toHaveBeenCalled();
    expect([Object.isFrozen(member), Object.isFrozen(list[0])]).toEqual([true, true]);
  });

  test("throws for nothing: not for bytes in disguise, nor for the exports of a module", () => {
    const disguised = Object.setPrototypeOf(Uint8Array.of(1), null) as object;
    // Not by import, in whose place the test runner has something of its own.
    const exported: unknown = createRequire(import.meta.url)("../errors.ts");
    expect(types.isModuleNamespaceObject(exported)).toBe(true);
    const value = { disguised, exported, run: () => 1 };
    expect(deepFreeze(value)).toBe(value);
    expect(Object.isFrozen(value)).toBe(true);
  });

  test.each([undefined, null, 0, "text", true, 7n, Symbol.iterator])("returns %o as it is", (value) => {
    expect(deepFreeze(value)).toBe(value);
  });
});

describe("a value that is kept or handed out", () => {
  test("is the value itself where all share it", () => {
    const value = { list: [] };
    expect([keepable(value, "share"), shareable(value, "share")]).toEqual([value, value]);
    expect(Object.isFrozen(value)).toBe(false);
  });

  test("is frozen in place, or copied", () => {
    const value = { list: [] };
    expect(keepable(value, "clone")).toStrictEqual(value);
    expect(keepable(value, "clone")).not.toBe(value);
    expect(shareable(value, "clone")).toBe(value);
    expect(Object.isFrozen(value)).toBe(false);
    expect(shareable(value, "freeze")).toBe(value);
    expect(Object.isFrozen(value.list)).toBe(true);
  });
});
