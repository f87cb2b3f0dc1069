import { readFileSync } from "node:fs";
import { Packr } from "msgpackr";
import { describe, expect, test } from "vitest";
import { msgpack } from "../src/index.ts";

/* What the first codec lifted out of values and put back, forged. That what it wrote is read is for the golden files to show. */

const serializer = msgpack();
const packr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: "bigint" });

/** Bytes as the first codec wrote them, of whatever is said to have been lifted. */
function lifted(value: unknown, list: unknown): Buffer {
  return Buffer.concat([Buffer.of(0x93, 0xc1), packr.pack(value), packr.pack(list)]);
}

const decode = (bytes: Uint8Array): unknown => serializer.decode(bytes);

test.each<[what: string, value: unknown, list: unknown]>([
  ["no list of what was lifted", [0], { 0: ["-", [0]] }],
  ["an item that is no list", [0], ["-"]],
  ["a path that is no list", [0], [["-", "0"]]],
  ["a path to nothing", [0], [["-", [1]]]],
  ["a path into a number", [0], [["-", [0, "toFixed"]]]],
  ["a path to a prototype", {}, [["m", ["__proto__"]]]],
  ["a path to a prototype that is a list", [[]], [["s", [0, "__proto__"]]]],
  ["a path through a constructor", {}, [["s", ["constructor", "prototype"]]]],
  ["a 0 that is a 1", [1], [["-", [0]]]],
  ["a Map that was no list", [{}], [["m", [0]]]],
  ["a Map of what are no pairs", [[1]], [["m", [0]]]],
  ["a Set that was no list", ["abc"], [["s", [0]]]],
  ["another kind", [[]], [["x", [0]]]],
])("%s is refused", (_, value, list) => {
  expect(() => decode(lifted(value, list))).toThrow(expect.objectContaining({ code: "INVALID_VALUE" }));
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});

test("something behind it is refused, and so is what was lifted within a value", () => {
  expect(decode(lifted([0], [["-", [0]]]))).toStrictEqual([-0]);
  expect(() => decode(Buffer.concat([lifted([0], [["-", [0]]]), Buffer.of(0)]))).toThrow();
  expect(() => decode(Buffer.concat([Buffer.of(0x91), lifted([0], [["-", [0]]])]))).toThrow();
});

describe("What is put back is counted:", () => {
  const numbers = Array.from({ length: 2_700 }, (_, index) => index);
  test.each([
    // The list; the Set with the fourth number of a chain; what was lifted: its list, the item, the kind and the empty path.
    { value: [1, 2, 3, 4], was: "s", nodes: 10 + (30 + 4 * 24 + 1) + 7 + 8 + 8 + 6 },
    { value: [[1, 2]], was: "m", nodes: 7 + 8 + (30 + 24) + 7 + 8 + 8 + 6 },
  ])("a list that was $was", ({ value, was, nodes }) => {
    const bytes = lifted(value, [[was, []]]);
    expect(msgpack({ maxNodes: nodes }).decode(bytes)).toHaveProperty("size");
    expect(() => msgpack({ maxNodes: nodes - 1 }).decode(bytes)).toThrow();
  });

  test("numbers in chains", () => {
    expect(decode(lifted(numbers, [["s", []]]))).toHaveProperty("size", 2_700);
    const more = [...numbers, ...numbers.map((number) => number + 10_000)];
    expect(() => decode(lifted(more, [["s", []]]))).toThrow();
    expect(() =>
      decode(
        lifted(
          more.map((number) => [number, 1]),
          [["m", []]],
        ),
      ),
    ).toThrow();
  });

  test("steps", () => {
    let value: unknown = 0;
    const path: number[] = [];
    for (let depth = 0; depth < 60; depth++) {
      value = [value];
      path.push(0);
    }
    const list = (length: number): unknown => Array.from({ length }, () => ["-", path]);
    expect(() => decode(lifted(value, list(1_000)))).not.toThrow();
    // 60 steps are 60 nodes of a list and 600 to go them.
    expect(() => decode(lifted(value, list(1_600)))).toThrow();
  });
});

test("What the first codec wrote is refused when it is cut anywhere, and refused or a value with any byte another", () => {
  const golden = JSON.parse(readFileSync(`${import.meta.dirname}/golden/over-msgpackr.json`, "utf8")) as object;
  const all = Object.values(golden).map((hex) => Buffer.from(String(hex), "hex"));
  const some = all.filter((bytes) => bytes[1] === 0xc1);
  expect(some).toHaveLength(3);
  for (const bytes of some) {
    for (let at = 0; at < bytes.byteLength; at++) {
      expect(() => decode(bytes.subarray(0, at))).toThrow();
      for (let change = 1; change < 256; change++) {
        const changed = Buffer.from(bytes);
        changed[at] = Number(changed[at]) ^ change;
        try {
          decode(changed);
        } catch (error) {
          expect(error).toMatchObject({ code: "INVALID_VALUE" });
        }
      }
    }
  }
});
