import { json, type Serializer } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

class Money {
  readonly cents = 5;
}

function nested(depth: number): unknown {
  let value: unknown = "innermost";
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

function cycle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}

function shared(): object {
  const one = { id: 1 };
  return { first: one, second: one };
}

/** An object that is itself at every key, without end. */
function endless(): object {
  const proxy: object = new Proxy(
    {},
    {
      get: (_target, key) => (key === "then" || key === "toJSON" ? undefined : proxy),
      ownKeys: () => ["deeper"],
      getOwnPropertyDescriptor: () => ({ value: proxy, enumerable: true, configurable: true }),
    },
  );
  return proxy;
}

function trapped(): object {
  const traps = {
    ownKeys() {
      throw new Error("trapped");
    },
  };
  return new Proxy({}, traps);
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
  return buffer;
}

const throwing = {
  get boom(): never {
    throw new Error("from a getter");
  },
};

type Outcome = "kept" | "refused";

/** Where JSON alters a value without a word, as its documentation says, it has no outcome here. */
const values: readonly (readonly [
  id: number,
  kind: string,
  make: () => unknown,
  json: Outcome | "-",
  msgpack: Outcome,
])[] = [
  [46, "undefined", () => undefined, "kept", "kept"],
  [47, "null", () => null, "kept", "kept"],
  [48, "an empty string", () => "", "kept", "kept"],
  [49, "0", () => 0, "kept", "kept"],
  [49, "false", () => false, "kept", "kept"],
  [49, "NaN", () => Number.NaN, "-", "kept"],
  [49, "-0", () => -0, "-", "kept"],
  [50, "a small bigint", () => 7n, "refused", "kept"],
  [50, "a bigint of 64 bits", () => 2n ** 63n - 1n, "refused", "kept"],
  [50, "a bigint of more than 64 bits", () => 2n ** 64n, "refused", "refused"],
  [50, "a bigint of 1 MB", () => 1n << 8_000_000n, "refused", "refused"],
  [51, "a function", () => () => 1, "refused", "refused"],
  [52, "a symbol", () => Symbol("a"), "refused", "refused"],
  [53, "an instance of a class", () => new Money(), "-", "refused"],
  [54, "an object whose getter throws", () => ({ inner: throwing }), "refused", "refused"],
  [55, "a proxy that throws", trapped, "refused", "refused"],
  [55, "a proxy without end", endless, "refused", "refused"],
  [56, "a cycle", cycle, "refused", "refused"],
  [57, "one object at two places", shared, "kept", "kept"],
  [58, "a value nested 60 deep", () => nested(60), "kept", "kept"],
  [58, "a value nested 20,000 deep", () => nested(20_000), "-", "refused"],
  [61, "an invalid Date", () => new Date(Number.NaN), "-", "kept"],
  [61, "a Date", () => new Date(5_000), "-", "kept"],
  [62, "a Map with objects as keys", () => new Map([[{ id: 1 }, "one"]]), "-", "kept"],
  [63, "a Set", () => new Set(["a", 1]), "-", "kept"],
  [64, "an Error with a cause", () => new Error("a", { cause: new Error("b") }), "-", "refused"],
  [64, "an AggregateError", () => new AggregateError([new Error("a")], "many"), "-", "refused"],
  [65, "a RegExp", () => /a+/gu, "-", "refused"],
  [66, "an Int8Array", () => Int8Array.of(-1, 2), "-", "kept"],
  [66, "a Uint8Array", () => Uint8Array.of(1, 255), "-", "kept"],
  [66, "a Uint8ClampedArray", () => Uint8ClampedArray.of(1, 255), "-", "kept"],
  [66, "an Int16Array", () => Int16Array.of(-1, 300), "-", "kept"],
  [66, "a Uint16Array", () => Uint16Array.of(1, 65_535), "-", "kept"],
  [66, "an Int32Array", () => Int32Array.of(-1, 70_000), "-", "kept"],
  [66, "a Uint32Array", () => Uint32Array.of(1, 2 ** 32 - 1), "-", "kept"],
  [66, "a Float32Array", () => Float32Array.of(1.5, Number.NaN), "-", "kept"],
  [66, "a Float64Array", () => Float64Array.of(Math.PI, -0), "-", "kept"],
  [66, "a BigInt64Array", () => BigInt64Array.of(-1n), "refused", "kept"],
  [66, "a BigUint64Array", () => BigUint64Array.of(2n ** 64n - 1n), "refused", "kept"],
  [66, "an ArrayBuffer", () => Uint8Array.of(1, 2).buffer, "-", "kept"],
  [66, "a DataView of a part", () => new DataView(Uint8Array.of(1, 2, 3).buffer, 1, 1), "-", "kept"],
  [66, "a SharedArrayBuffer", () => new SharedArrayBuffer(4), "-", "refused"],
  [66, "a detached ArrayBuffer", detached, "-", "refused"],
  [68, "a Response", () => new Response("body"), "-", "refused"],
  [68, "a stream", () => new ReadableStream(), "-", "refused"],
  [69, "an object with toJSON that throws", () => ({ toJSON: () => throwing.boom }), "refused", "refused"],
  [69, "an object with toJSON", () => ({ toJSON: () => "other" }), "-", "refused"],
  [70, "an own key __proto__", () => JSON.parse('{"__proto__":{"admin":true}}') as unknown, "kept", "refused"],
  [71, "a string with a lone surrogate", () => "a\ud800", "kept", "refused"],
  [59, "a list with a hole", () => Object.assign([1], { length: 2 }), "-", "refused"],
];

describe.each<["json" | "msgpack", Serializer, 3 | 4]>([
  ["json", json, 3],
  ["msgpack", msgpack(), 4],
])("through %s", (_name, serializer, column) => {
  const rows = (outcome: Outcome) =>
    values.filter((row) => row[column] === outcome).map(([id, kind, make]) => [id, kind, make] as const);

  test.each(rows("kept"))("case %i: %s reaches another process exactly", async (_case, _kind, make) => {
    const load = vi.fn(make);
    await fleet.process({ serializer }).namespace("odd", { load }).get("a");
    await fleet.settled();
    expect(await fleet.process({ serializer }).namespace("odd", { load }).get("a")).toStrictEqual(make());
    expect(load).toHaveBeenCalledTimes(1);
    const odd = fleet.process({ serializer }).namespace<unknown>("odd");
    expect(await odd.set("b", make())).toEqual({ status: "done" });
    expect(await fleet.process({ serializer }).namespace<unknown>("odd").get("b")).toStrictEqual(make());
  });

  test.each(rows("refused"))("case %i: %s is kept locally alone when loaded", async (_case, _kind, make) => {
    const value = make();
    const load = vi.fn(() => value);
    const odd = fleet.process({ serializer }).namespace("odd", { load });
    expect((await odd.get("a")) === value).toBe(true);
    expect((await odd.get("a")) === value).toBe(true);
    await fleet.settled();
    expect(load).toHaveBeenCalledTimes(1);
    expect(fleet.observer.count("encode-failed")).toBe(1);
    expect(valuesIn(fleet.shared).count("write")).toBe(0);
  });

  test.each(rows("refused"))("case %i: %s is refused when set, and changes nothing", async (_case, _kind, make) => {
    const odd = fleet.process({ serializer }).namespace<unknown>("odd");
    await odd.set("a", "before");
    const error: unknown = await odd.set("a", make()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "INVALID_VALUE",
      message: 'A value for namespace "odd" cannot be encoded by its serializer.',
    });
    expect(await odd.get("a")).toBe("before");
    expect(await fleet.process({ serializer }).namespace<unknown>("odd").get("a")).toBe("before");
  });

  test("case 59: a list of a million numbers is kept exactly", async () => {
    const list = Array.from({ length: 1_000_000 }, (_, index) => index % 1_000);
    await fleet.process({ serializer }).namespace<number[]>("list").set("a", list);
    const found = await fleet.process({ serializer }).namespace<number[]>("list").get("a");
    expect(found?.length).toBe(list.length);
    expect(found?.every((item, index) => item === list[index])).toBe(true);
  });

  test("case 70: an object without a prototype comes back with its keys", async () => {
    const bare = Object.assign(Object.create(null) as object, { id: 1 });
    await fleet.process({ serializer }).namespace<object>("odd").set("a", bare);
    expect(await fleet.process({ serializer }).namespace<object>("odd").get("a")).toEqual({ id: 1 });
    expect({}).not.toHaveProperty("admin");
  });

  test("case 72: what the caller does to a value after set or get does not reach the remote tier", async () => {
    const lists = fleet.process({ serializer, isolate: "share" }).namespace<number[]>("list");
    const given = [1];
    const setting = lists.set("a", given);
    given.push(2);
    await setting;
    const elsewhere = await fleet.process({ serializer, isolate: "share" }).namespace<number[]>("list").get("a");
    elsewhere?.push(3);
    expect(await fleet.process({ serializer }).namespace<number[]>("list").get("a")).toEqual([1]);
  });

  test("case 72: a frozen value is kept and handed out as it is", async () => {
    const frozen = Object.freeze({ list: Object.freeze([1, null]) });
    const things = fleet.process({ serializer }).namespace<object>("thing");
    await things.set("a", frozen);
    expect(await things.get("a")).toBe(frozen);
    expect(await fleet.process({ serializer }).namespace<object>("thing").get("a")).toEqual(frozen);
  });
});

describe("a value that is", () => {
  test("case 67: a slice of a pooled Buffer takes its own bytes along and no others", async () => {
    const slice = Buffer.from("..the part..").subarray(2, 10);
    const serializer = msgpack();
    await fleet.process({ serializer }).namespace<Uint8Array>("bytes").set("a", slice);
    const found = await fleet.process({ serializer }).namespace<Uint8Array>("bytes").get("a");
    expect(Buffer.from(found ?? []).toString()).toBe("the part");
    expect(found?.buffer.byteLength).toBe(8);
  });

  test.each([
    [68, "a promise", () => Promise.resolve(1)],
    // oxlint-disable-next-line unicorn/no-thenable -- that is what is tried
    [68, "an object with a method then", () => ({ then: () => {} })],
  ])("case %i: %s is refused when set, with a hint to await it", async (_case, _kind, make) => {
    const odd = fleet.process().namespace<unknown>("odd");
    await expect(odd.set("a", make())).rejects.toMatchObject({
      code: "INVALID_VALUE",
      message: "The value handed to odd.set is a promise; await it first.",
    });
    expect(odd.peek("a")).toBeUndefined();
    expect(fleet.shared.count()).toBe(0);
  });
});
