import { Packr } from "msgpackr";
import { describe, expect, test } from "vitest";
import { msgpack } from "./msgpack.ts";

const serializer = msgpack();
const decode = (...bytes: (number | readonly number[] | Uint8Array)[]): unknown =>
  serializer.decode(
    Buffer.concat(bytes.map((part) => Buffer.from(typeof part === "number" ? [part] : part))),
    "some:key",
  );
const refusal = expect.objectContaining({
  code: "INVALID_VALUE",
  message: "These bytes hold no value that msgpack() has encoded.",
});

const text = (content: string): Buffer => Buffer.concat([Buffer.of(0xa0 + content.length), Buffer.from(content)]);
const list = (length: number): readonly number[] => [0xdd, length >>> 24, length >>> 16, length >>> 8, length];

describe("what others take as MessagePack and what nobody has encoded is refused:", () => {
  test.each<[what: string, bytes: Parameters<typeof decode>]>([
    ["nothing", []],
    ["a cut string", [0xa5, 97]],
    ["a number without its last byte", [0xcb, 0, 0, 0, 0, 0, 0, 0]],
    ["bytes left over", [1, 2]],
    ["a JSON text", [Buffer.from('{"a":1}')]],
    ["a word", [Buffer.from("hello")]],
    ["a list said to be huge", [list(2 ** 32 - 1)]],
    ["huge lists in one another", [...Array.from({ length: 60 }, () => list(900_000)), Buffer.alloc(900_000)]],
    ["an object said to be huge", [0xdf, 0xff, 0xff, 0xff, 0xff]],
    ["a string said to be huge", [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ["bytes said to be huge", [0xc6, 0xff, 0xff, 0xff, 0xff]],
    ["an extension said to be huge", [0xc9, 0xff, 0xff, 0xff, 0xff, 0x74, 7]],
    ["an empty extension", [0xc7, 0, 0x74, 7]],
    ["a nesting of 65", [Buffer.alloc(65, 0x91), 1]],
    ["a nesting without end", [Buffer.alloc(1_000_000, 0x91)]],
    ["a nesting of objects", [Buffer.concat(Array.from({ length: 5_000 }, () => Buffer.of(0x81, 0xa1, 97))), 1]],
    ["a nesting of Sets", [...Array.from({ length: 100 }, () => [0xd4, 0x73, 0, 0x91]), 1]],
    ["a nesting of Maps", [...Array.from({ length: 100 }, () => [0xd4, 0x6d, 0, 0x81]), 1]],
    ["the byte that MessagePack does not use", [0xc1]],
    ["a key __proto__", [0x81, text("__proto__"), 0x80]],
    ["a key __proto__ in another form", [0x81, 0xd9, 9, Buffer.from("__proto__"), 0x80]],
    ["a list as a key", [0x81, 0x91, 1, 1]],
    ["a number as a key", [0x81, 1, 1]],
    // As a string's token it would lead back into the string before, where a string begins that ends with the bytes.
    [
      "a number as a key that leads back",
      [0x92, 0xd9, 200, Buffer.alloc(200, "x").fill(Buffer.of(0xd9, 158), 42, 44), 0x81, 0],
    ],
    ["null as a key", [0x81, 0xc0, 1]],
    ["bytes as a key", [0x81, 0xc4, 1, 97, 1]],
    ["the length of a list as a key", [0x81, 0xdc, 0, 1, 1]],
    ["a record's definition", [0xd4, 0x72, 0x40, 0x91, text("a"), 1]],
    ["a record's definition of two bytes", [0xd5, 0x72, 0x40, 0, 0x91, text("a"), 1]],
    ["a reference", [0xd6, 0x70, 0, 0, 0, 1]],
    ["what a reference refers to", [0xd6, 0x69, 0, 0, 0, 1, 0x90]],
    ["bundled strings", [0xd6, 0x62, 0, 0, 0, 5, 0x91, 0xc1, 1, text("a"), text("b")]],
    ["an Error", [0xd4, 0x65, 0, 0x92, text("Error"), text("a")]],
    ["a regular expression", [0xd4, 0x78, 0, 0x92, text("(a+)+$"), text("")]],
    ["a bigint of 1 MB", [0xc9, 0, 0x0f, 0xff, 0xff, 0x42, Buffer.alloc(0x0f_ff_ff, 0x7f)]],
    ["a bigint of 8 bytes", [0xd7, 0x42, 1, 2, 3, 4, 5, 6, 7, 8]],
    ["an extension of another", [0xc7, 1, 0x05, 0]],
    ["undefined with a content", [0xd4, 0, 1]],
    ["a date of no length that dates have", [0xd5, 0xff, 0, 0]],
    ["a date of one byte", [0xd4, 0xff, 0]],
    ["a Set of no list", [0xd4, 0x73, 0, 0x81, 1, 1]],
    ["a Set of a string's length", [0xd4, 0x73, 0, 0xdb, 0]],
    ["a Set with a content", [0xd4, 0x73, 1, 0x90]],
    ["a Set of the wrong size", [0xc7, 2, 0x73, 0, 0x90]],
    ["a Map of no map", [0xd4, 0x6d, 0, 0x91, 1]],
    ["a Map of a list's length", [0xd4, 0x6d, 0, 0xdd, 0]],
    ["a Map of half an entry", [0xd4, 0x6d, 0, 0x81, 1]],
    ["a vector cut in two", [0xc7, 6, 0x76, 0, 0, 0, 0, 0, 0]],
  ])("%s", (_, bytes) => {
    expect(() => decode(...bytes)).toThrow(refusal);
    expect(serializer.decode(serializer.encode({ a: 1 }, "k"), "k")).toEqual({ a: 1 });
  });

  test("whatever msgpackr packs with the options by which a few bytes become much", () => {
    const shared = ["x"];
    const bomb = Array.from({ length: 28 }).reduce<unknown>((inner) => [inner, inner], "bomb");
    const structured = new Packr({ structuredClone: true, useRecords: false });
    for (const bytes of [structured.pack([shared, shared]), structured.pack(bomb), new Packr().pack([{ a: 1 }])]) {
      expect(() => decode(bytes)).toThrow(refusal);
    }
  });
});

test("what is refused says why, and shows nothing of it", () => {
  try {
    decode([0x92, ...text("secret"), 0xc1]);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ cause: { message: "No such token" } });
    expect(String((error as Error).cause)).not.toContain("secret");
  }
});

test("a key that would be a prototype's is a key like any other", () => {
  const prototype = serializer.encode({ constructor: { prototype: { polluted: 1 } }, toString: 1 }, "k");
  const decoded = decode(prototype) as object;
  expect(Object.keys(decoded)).toEqual(["constructor", "toString"]);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test("numbers and strings in forms longer than needed, as other writers have them, are read", () => {
  const forms = [
    [0xcc, 1],
    [0xcd, 0, 1],
    [0xce, 0, 0, 0, 1],
    [0xd0, 1],
    [0xd1, 0, 1],
    [0xd2, 0, 0, 0, 1],
    [0xca, 0x3f, 0x80, 0, 0],
  ];
  for (const form of forms) expect(decode(form)).toBe(1);
  for (const form of [
    [0xd9, 1, 97],
    [0xda, 0, 1, 97],
    [0xdb, 0, 0, 0, 1, 97],
  ])
    expect(decode(form)).toBe("a");
  expect(decode([0xde, 0, 1, 0xda, 0, 1, 97, 0xdd, 0, 0, 0, 1, 0xcf, 0, 0, 0, 0, 0, 0, 0, 1])).toEqual({ a: [1n] });
});

test("an object with indices as keys does not take the memory of a list with room up to them", () => {
  const records = 2_000;
  // V8 would take 24 MB for what are 12 KB.
  const bytes = Buffer.concat([
    Buffer.from(list(records)),
    ...Array.from({ length: records }, () => Buffer.concat([Buffer.of(0x81), text("1023"), Buffer.of(1)])),
  ]);
  const before = process.memoryUsage().heapUsed;
  const decoded = decode(bytes) as unknown[];
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(4_000_000);
  expect(decoded).toHaveLength(records);
  expect(decoded[1]).toStrictEqual({ 1023: 1 });
});

describe("strings", () => {
  test("that would share a place are told apart, however often they come", () => {
    const texts = Array.from({ length: 5_000 }, (_, index) => `a${index}b`);
    for (let round = 0; round < 3; round++) {
      expect(decode(serializer.encode(texts, "k"))).toStrictEqual(texts);
      expect(decode(serializer.encode(texts.toReversed(), "k"))).toStrictEqual(texts.toReversed());
    }
  });

  test("of bytes that are no UTF-8 are refused, whatever was decoded before", () => {
    const known = ["\ufffd", "\ufffd\ufffd", "a\ufffdb", "é", "èn", { é: 1 }];
    const bad = [
      [0xe9],
      [0xff, 0xfe],
      [97, 0xe9, 98],
      [0xc3],
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
    ];
    for (const bytes of [...bad, [...Buffer.from("èn", "latin1")]]) {
      for (const length of [0, 1, 30, 5_000]) {
        const content = Buffer.concat([Buffer.alloc(length, "x"), Buffer.from(bytes)]);
        const string = Buffer.concat([Buffer.of(0xda, content.byteLength >>> 8, content.byteLength), content]);
        expect(decode(serializer.encode(known))).toStrictEqual(known);
        expect(() => decode(string)).toThrow(refusal);
        expect(() => decode(0x81, string, 1)).toThrow(refusal);
      }
    }
  });

  test("as keys are not mistaken for the one that came at their place before", () => {
    const records = [{ ab: 1, c: 2 }, { ac: 1, c: 2 }, { é: 1 }, { ab: 1, d: 2 }, { "": 1 }, { ab: 1, c: 2, "": 3 }];
    for (let round = 0; round < 3; round++) {
      for (const record of records) expect(decode(serializer.encode(record))).toStrictEqual(record);
    }
    // The é in Latin-1, which has its number as byte.
    expect(decode(serializer.encode({ é: 1 }))).toStrictEqual({ é: 1 });
    expect(() => decode(0x81, 0xa1, 0xe9, 1)).toThrow(refusal);
  });

  test("of any length and any characters", () => {
    for (const character of ["a", "é", "日", "🙂"]) {
      for (const length of [1, 7, 8, 15, 16, 24, 25, 31, 32, 85, 86, 255, 256, 21_845, 21_846, 65_535, 65_536]) {
        const given = character.repeat(length);
        expect(decode(serializer.encode([given, `${given}x`], "k"))).toStrictEqual([given, `${given}x`]);
      }
    }
  });
});
