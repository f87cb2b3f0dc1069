import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { msgpack } from "../src/index.ts";

/*
 * Nothing here looks at the time: how long decoding takes follows from the nodes, which are counted.
 */

const serializer = msgpack();

/** The least a decoded value can take, by what V8 takes for each kind of thing, in units of 8 bytes. */
function weigh(value: unknown): number {
  if (typeof value === "string") return 1 + (value.length > 1 ? 2 + value.length / 8 : 0);
  if (typeof value !== "object" || value === null) return 1;
  if (Array.isArray(value)) return 5 + sum(value);
  if (value instanceof Map) return 20 + sum([...value].flat()) + 2 * value.size;
  if (value instanceof Set) return 20 + sum([...value]) + 2 * value.size;
  if (value instanceof Date) return 12;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return 13 + value.byteLength / 8;
  return 8 + sum(Object.values(value));
}

function sum(values: readonly unknown[]): number {
  return values.reduce<number>((total, value) => total + weigh(value), 0);
}

type Outcome = "refused" | "value";

/** Decodes bytes from anywhere. Whatever comes of it has to be small and an error one of ours. */
function attempt(bytes: Uint8Array): Outcome {
  let value: unknown;
  try {
    value = serializer.decode(bytes, "some:key");
  } catch (error) {
    expect(error).toMatchObject({ name: "CacheError", code: "INVALID_VALUE" });
    return "refused";
  }
  const weight = weigh(value);
  if (weight > 2 ** 19 + 1.25 * bytes.byteLength) expect.fail(`${weight} units for ${bytes.byteLength} bytes`);
  return "value";
}

/** The same numbers each time, from 0 to below 2³². */
function* numbers(seed: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield (state ^ (state >>> 15)) >>> 0;
  }
}

const samples: Readonly<Record<string, unknown>> = {
  score: {
    userId: 1234,
    jobId: 5678,
    score: 87,
    reasons: ["typescript", "redis"],
    at: 1_763_600_000_123,
    stale: false,
  },
  rows: Array.from({ length: 6 }, (_, id) => ({
    id,
    name: `user ${id}`,
    tags: ["a", "é"],
    pay: id * 1_000.5,
    x: null,
  })),
  kinds: [
    undefined,
    -0,
    -1,
    -200,
    -40_000,
    -(2 ** 31),
    2 ** 32 - 1,
    7n,
    2n ** 64n - 1n,
    new Date(5),
    new Date(Number.NaN),
  ],
  collections: new Map<unknown, unknown>([
    [new Set([1, "a", new Map()]), { 7: [] }],
    [new Date(1.5e12 + 1), -0],
  ]),
  bytes: [new Uint8Array(5), Float32Array.of(1, 2), new ArrayBuffer(3), new DataView(new ArrayBuffer(1))],
  text: ["x".repeat(40), "日本語".repeat(40), "🙂".repeat(10)],
};

describe.each(Object.entries(samples))("encoded %s", (_, sample) => {
  const encoded = serializer.encode(sample, "some:key");

  test("is refused when it is cut anywhere", () => {
    for (let length = 0; length < encoded.byteLength; length++)
      expect(attempt(encoded.subarray(0, length))).toBe("refused");
    expect(attempt(encoded)).toBe("value");
  });

  test("is refused or another value when any bit is flipped, or any byte another", () => {
    for (let at = 0; at < encoded.byteLength; at++) {
      for (let change = 1; change < 256; change++) {
        const changed = Buffer.from(encoded);
        changed[at] = Number(changed[at]) ^ change;
        attempt(changed);
      }
    }
    expect(serializer.decode(encoded, "some:key")).toStrictEqual(sample);
  });

  test("is refused when something stands behind it", () => {
    for (const byte of [0, 0x80, 0xa0, 0xc0, 0xc1, 0xff]) {
      expect(attempt(Buffer.concat([encoded, Buffer.of(byte)]))).toBe("refused");
    }
  });
});

test("100,000 random byte strings are refused or small values, and change nothing", () => {
  const prototypes = [Object, Array, Map, Set, Date, Function].map(({ prototype }) => prototype as object);
  const before = prototypes.map((prototype) => Reflect.ownKeys(prototype).length);
  const next = numbers(20_261_120);
  const outcomes: Record<Outcome, number> = { refused: 0, value: 0 };
  for (let round = 0; round < 100_000; round++) {
    const bytes = Buffer.alloc(next.next().value % 64);
    // Tokens of what contains something, of extensions and of strings are the ones that matter.
    for (let at = 0; at < bytes.byteLength; at++) {
      const random = next.next().value;
      bytes[at] = round % 2 === 0 ? random >>> 8 : Number(tokens[random % tokens.length]) + ((random >>> 16) % 3);
    }
    outcomes[attempt(bytes)]++;
  }
  expect(outcomes.refused).toBeGreaterThan(50_000);
  expect(outcomes.value).toBeGreaterThan(1_000);
  expect(prototypes.map((prototype) => Reflect.ownKeys(prototype).length)).toEqual(before);
  expect(serializer.decode(serializer.encode(samples, "some:key"), "some:key")).toStrictEqual(samples);
});

const tokens = [
  0x00, 0x01, 0x30, 0x61, 0x6d, 0x73, 0x74, 0x76, 0x80, 0x90, 0xa0, 0xc0, 0xc4, 0xc7, 0xca, 0xcd, 0xd0, 0xd4, 0xd7,
  0xdb,
];

const megabyte = 2 ** 20;
const key = (name: string): Buffer => Buffer.concat([Buffer.of(0xa0 + name.length), Buffer.from(name)]);

/** A list that contains a part until there is a megabyte of it. */
function listOf(part: (index: number) => readonly (number | Buffer)[]): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  for (let size = 0; size < megabyte; length++) {
    const bytes = Buffer.concat(part(length).map((piece) => (typeof piece === "number" ? Buffer.of(piece) : piece)));
    parts.push(bytes);
    size += bytes.byteLength;
  }
  const head = Buffer.alloc(5, 0xdd);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, ...parts]);
}

describe("a megabyte made to take much more memory than it has", () => {
  let collectGarbage: () => void;
  beforeAll(() => {
    setFlagsFromString("--expose-gc");
    collectGarbage = runInNewContext("gc") as () => void;
  });
  afterAll(() => setFlagsFromString("--no-expose-gc"));

  test.each<[what: string, part: (index: number) => readonly (number | Buffer)[]]>([
    ["empty objects", () => [0x80]],
    ["empty lists", () => [0x90]],
    ["lists of one", () => [0x91, 1]],
    ["objects of one key", () => [0x81, 0xa1, 97, 1]],
    ["objects of another key each", (index) => [0x81, key(index.toString(36)), 1]],
    [
      "objects of many other keys",
      (i) => [0x8f, ...Array.from({ length: 15 }, (_, k) => [key(`${i}-${k}`), 1]).flat()],
    ],
    ["objects with an index", () => [0x81, key("1023"), 1]],
    ["objects with indices", () => [0x83, key("999"), 1, key("1999"), 1, key("2999"), 1]],
    ["objects with a number as key", () => [0x81, 0xcd, 3, 0xff, 1]],
    ["short strings", () => [0xa2, 97, 98]],
    ["dates", () => [0xd6, 0xff, 1, 2, 3, 4]],
    ["invalid dates", () => [0xd4, 0xff, 0xff]],
    ["no bytes", () => [0xc4, 0]],
    ["empty arrays", () => [0xc7, 1, 0x74, 7]],
    ["vectors of one", () => [0xd6, 0x76, 0, 0, 0, 0]],
    ["empty Sets", () => [0xd4, 0x73, 0, 0x90]],
    ["empty Maps", () => [0xd4, 0x6d, 0, 0x80]],
    ["empty records", () => [0x40, 0x41]],
    ["records of their own", (index) => [0xd4, 0x72, 0x40, 0x91, key(`k${index}`), 1]],
    ["references", () => [0xd6, 0x70, 0, 0, 0, 1]],
    ["bigints", () => [0xd3, 1, 2, 3, 4, 5, 6, 7, 8]],
    ["numbers", () => [1]],
    ["fractions", () => [0xca, 1, 2, 3, 4]],
    ["undefined", () => [0xd4, 0, 0]],
    ["lists in lists", () => [Buffer.alloc(60, 0x91), 1]],
  ])("%s: takes at most 10 times that and 4 MiB, or is refused", (_, part) => {
    const bytes = listOf(part);
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const kept: unknown[] = [];
    try {
      kept.push(serializer.decode(bytes, "some:key"));
    } catch (error) {
      expect(error).toMatchObject({ code: "INVALID_VALUE" });
    }
    const grown = (): number =>
      process.memoryUsage().heapUsed - heapUsed + process.memoryUsage().arrayBuffers - arrayBuffers;
    // Also what was made before it was refused.
    expect(grown()).toBeLessThan(10 * bytes.byteLength + 8 * megabyte);
    collectGarbage();
    expect(grown()).toBeLessThan(10 * bytes.byteLength + 5 * megabyte);
    expect(kept.length).toBeLessThanOrEqual(1);
  });

  test("a list said to be long takes none before its items are there", () => {
    collectGarbage();
    const { heapUsed } = process.memoryUsage();
    expect(attempt(Buffer.of(0xdd, 0, 7, 0xa1, 0x20, 1))).toBe("refused");
    expect(process.memoryUsage().heapUsed - heapUsed).toBeLessThan(megabyte);
  });
});
