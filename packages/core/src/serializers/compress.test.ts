import { randomBytes } from "node:crypto";
import zlib from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Serializer } from "../contracts/serializer.ts";
import { bytes } from "./bytes.ts";
import { type CompressOptions, compress } from "./compress.ts";
import type { CompressionAlgorithm } from "./compression.ts";
import { encrypt } from "./encrypt.ts";
import { json } from "./json.ts";
import { sign } from "./sign.ts";

const place = "page:1";
const text = "a page of words, ".repeat(400);
const noise = randomBytes(4_000);

const ids: Readonly<Record<CompressionAlgorithm, number>> = { deflate: 1, brotli: 2, zstd: 3 };
const algorithms = (Object.keys(ids) as CompressionAlgorithm[]).filter(
  (name) => name !== "zstd" || "zstdCompressSync" in zlib,
);

/** Bytes as `compress()` writes them: the header, then what an attacker likes. */
function crafted(algorithm: CompressionAlgorithm, length: number, compressed: Uint8Array): Uint8Array {
  const header = Buffer.from([json.id, ids[algorithm], 0, 0, 0, 0]);
  header.writeUInt32BE(length, 2);
  return Buffer.concat([header, compressed]);
}

const refused = expect.objectContaining({
  code: "INVALID_VALUE",
  message: "These bytes hold no value that compress() has encoded and may inflate here.",
});

describe("what is compressed", () => {
  test("long encodings are, behind 6 bytes that say by what and how long they are", () => {
    const encoded = compress(json).encode(text, place);
    expect([...encoded.subarray(0, 6)]).toEqual([1, 1, 0, 0, (text.length + 2) >> 8, (text.length + 2) & 255]);
    expect(encoded.byteLength).toBeLessThan(200);
    expect(zlib.inflateRawSync(encoded.subarray(6)).toString()).toBe(JSON.stringify(text));
  });

  test("encodings below the threshold are not, and cost 2 bytes", () => {
    const encoded = compress(bytes, { fromBytes: 100 });
    expect([...encoded.encode(Buffer.alloc(99), place).subarray(0, 2)]).toEqual([6, 0]);
    expect(encoded.encode(Buffer.alloc(99), place)).toHaveLength(101);
    expect(encoded.encode(Buffer.alloc(100), place).length).toBeLessThan(30);
    expect(compress(bytes).encode(Buffer.alloc(1_023), place)).toHaveLength(1_025);
    expect(compress(bytes).encode(Buffer.alloc(1_024), place).length).toBeLessThan(30);
  });

  test("encodings that would hardly become smaller are not", () => {
    const serializer = compress(bytes);
    expect(serializer.encode(noise, place)).toEqual(Buffer.concat([Buffer.of(6, 0), noise]));
    // Deflated, noise keeps its size and zeros vanish: what follows is 8 % and 12 % smaller.
    expect(serializer.encode(Buffer.concat([noise, Buffer.alloc(350)]), place)[1]).toBe(0);
    expect(serializer.encode(Buffer.concat([noise, Buffer.alloc(550)]), place)[1]).toBe(1);
  });

  test("encodings longer than the limit are stored as they are, so that they can be read", () => {
    const serializer = compress(bytes, { maxBytes: 2_000 });
    expect(serializer.encode(Buffer.alloc(2_000), place).length).toBeLessThan(30);
    const encoded = serializer.encode(Buffer.alloc(2_001), place);
    expect(encoded).toHaveLength(2_003);
    expect(serializer.decode(encoded, place)).toEqual(Buffer.alloc(2_001));
  });

  test("short encodings are deflated, from 8,192 bytes on zstd is taken where it is there", () => {
    const large = algorithms.includes("zstd") ? ids.zstd : ids.deflate;
    expect(compress(bytes).encode(Buffer.alloc(8_191), place)[1]).toBe(ids.deflate);
    expect(compress(bytes).encode(Buffer.alloc(8_192), place)[1]).toBe(large);
  });

  test("a namespace whose values do not become smaller is soon tried no more, and another one still is", () => {
    const serializer = compress(bytes);
    const kinds = Array.from({ length: 12 }, (_, index) => {
      // The first seven are noise: after the third, pauses of 1, 2 and 4 values begin.
      return serializer.encode(index < 7 ? noise : Buffer.alloc(4_000), "vector:1")[1];
    });
    expect(kinds).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    for (let index = 0; index < 10; index++) serializer.encode(noise, "noise:1");
    expect(serializer.encode(Buffer.alloc(4_000), "noise:1")[1]).toBe(0);
    expect(serializer.encode(Buffer.alloc(4_000), "page:1")[1]).toBe(1);
  });

  test.each(algorithms)("a higher level of %s makes it smaller", (algorithm) => {
    const values = Array.from({ length: 300 }, (_, id) => ({
      id,
      name: `user ${id % 17}`,
      score: (id * 7919) % 1_000,
    }));
    const sizeAt = (level: number): number => compress(json, { algorithm, level }).encode(values, place).byteLength;
    expect(sizeAt(9)).toBeLessThan(sizeAt(1));
  });
});

describe("what is read", () => {
  test.each(algorithms)("what %s has compressed, whichever algorithm the reader writes", (algorithm) => {
    const encoded = compress(json, { algorithm }).encode(text, place);
    expect(encoded[1]).toBe(ids[algorithm]);
    for (const reader of algorithms) expect(compress(json, { algorithm: reader }).decode(encoded, place)).toBe(text);
  });

  test("bytes of another serializer are refused", () => {
    for (const value of [text, "short"]) {
      const encoded = compress(json).encode(value, place);
      expect(() => compress(bytes).decode(encoded, place)).toThrow(refused);
    }
  });

  test("an algorithm that is not known is refused", () => {
    const encoded = Buffer.from(compress(json).encode(text, place));
    encoded[1] = 99;
    expect(() => compress(json).decode(encoded, place)).toThrow(refused);
  });

  test.each(algorithms)("bytes of %s that break off anywhere are refused", (algorithm) => {
    const serializer = compress(json, { algorithm });
    const encoded = serializer.encode(text, place);
    for (let length = 0; length < encoded.byteLength; length++) {
      expect(() => serializer.decode(encoded.slice(0, length), place)).toThrow(refused);
    }
  });

  test.each(algorithms)("bytes of %s that say a wrong length are refused", (algorithm) => {
    const serializer = compress(json, { algorithm });
    const { byteLength } = json.encode(text, place);
    const compressed = serializer.encode(text, place).subarray(6);
    expect(serializer.decode(crafted(algorithm, byteLength, compressed), place)).toBe(text);
    for (const length of [0, 1, byteLength - 1, byteLength + 1, 2 ** 32 - 1]) {
      expect(() => serializer.decode(crafted(algorithm, length, compressed), place)).toThrow(refused);
    }
  });

  test("bytes that say more than the limit are refused, though they would be well", () => {
    const { byteLength } = json.encode(text, place);
    const encoded = compress(json).encode(text, place);
    expect(compress(json, { maxBytes: byteLength }).decode(encoded, place)).toBe(text);
    expect(() => compress(json, { maxBytes: byteLength - 1 }).decode(encoded, place)).toThrow(refused);
  });

  test.runIf(algorithms.includes("zstd"))(
    "a zstd frame that asks for a window larger than any we write is refused",
    () => {
      // No content size, a window of 2^n bytes, one block that repeats "1" three times: the JSON of 111.
      const frame = (windowLog: number): Buffer =>
        Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (windowLog - 10) << 3, 0x1b, 0, 0, 0x31]);
      expect(compress(json).decode(crafted("zstd", 3, frame(23)), place)).toBe(111);
      expect(() => compress(json).decode(crafted("zstd", 3, frame(24)), place)).toThrow(refused);
      expect(() => compress(json).decode(crafted("zstd", 3, frame(27)), place)).toThrow(refused);
    },
  );
});

describe("options", () => {
  const key = { id: 1, secret: randomBytes(32) };

  test.each<[string, Serializer]>([
    ["encrypt", encrypt(json, { keys: [key] })],
    ["sign", sign(json, { keys: [key] })],
    ["compress", compress(json)],
  ])("%s() cannot be wrapped", (_, serializer) => {
    const message = "compress() cannot wrap compress(), encrypt() or sign(): it goes inside, encrypt(compress(…), …).";
    expect(() => compress(serializer)).toThrow(expect.objectContaining({ code: "INVALID_OPTION", message }));
  });

  test.each<[unknown, string]>([
    [{ fromBytes: 0 }, "compress.fromBytes is 0; allowed is a whole number of at least 1."],
    [{ maxBytes: 2 ** 32 }, "compress.maxBytes is 4294967296; allowed is a whole number from 1 to 4294967295."],
    [{ algorithm: "gzip" }, 'compress.algorithm is "gzip"; allowed is one that this Node has: deflate, brotli'],
    [{ level: 3 }, "compress.level is 3; allowed is a level only beside the algorithm that it is for."],
    [{ algorithm: "deflate", level: 10 }, "compress.level is 10; allowed is a whole number from 1 to 9 for deflate."],
    [{ algorithm: "brotli", level: 12 }, "compress.level is 12; allowed is a whole number from 0 to 11 for brotli."],
    [{ algorithm: "brotli", level: -1 }, "compress.level is -1; allowed is a whole number from 0 to 11 for brotli."],
    [{ algorithm: "deflate", level: 1.5 }, "compress.level is 1.5; allowed is a whole number."],
    [{ threshold: 1 }, "compress.threshold is not an option"],
    [null, "The options of compress is null"],
  ])("%o are refused", (options, message) => {
    expect(() => compress(json, options as CompressOptions)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining(message) }),
    );
  });

  test.each<[unknown, string]>([
    [undefined, "The serializer of compress is undefined; allowed is a serializer"],
    [{ id: 1, encode: () => Buffer.of() }, "The serializer of compress is an object; allowed is a serializer"],
    [{ ...json, id: 0 }, "The serializer.id of compress is 0; allowed is a whole number from 1 to 255."],
    [{ ...json, id: 256 }, "The serializer.id of compress is 256; allowed is a whole number from 1 to 255."],
  ])("%o is no serializer to be wrapped", (serializer, message) => {
    expect(() => compress(serializer as Serializer)).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: expect.stringContaining(message) }),
    );
  });
});

test("a value that was stored as it is shares the memory of its bytes where the wrapped serializer's values do", () => {
  const serializer = compress(bytes);
  expect(serializer.sharesBytes).toBe(true);
  expect(compress(json).sharesBytes).toBe(false);
  const found = new Uint8Array(serializer.encode(noise, place));
  expect((serializer.decode(found, place) as Buffer).buffer).toBe(found.buffer);
});
