import { describe, expect, test } from "vitest";
import { bytes } from "./bytes.ts";

const place = "page:1";

describe("encoding", () => {
  test("hands on the very memory it is given", () => {
    const page = Buffer.from("<p>a page</p>");
    expect(bytes.encode(page, place)).toBe(page);
    const part = new Uint8Array(page.buffer, page.byteOffset, 3);
    expect(bytes.encode(part, place)).toBe(part);
  });

  test("refuses what is no Uint8Array, and shows nothing of it", () => {
    const others = [
      "secret",
      7,
      null,
      true,
      {},
      [1],
      new ArrayBuffer(2),
      new Uint16Array(1),
      new DataView(new ArrayBuffer(1)),
    ];
    for (const value of others) {
      const message = `bytes was given ${value === null ? "null" : `a value of type ${typeof value}`}; allowed is a Uint8Array on memory of its own.`;
      expect(() => bytes.encode(value, place)).toThrow(expect.objectContaining({ code: "INVALID_VALUE", message }));
    }
  });

  test("refuses memory that other threads may write to", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    expect(() => bytes.encode(shared, place)).toThrow(expect.objectContaining({ code: "INVALID_VALUE" }));
    expect(() => bytes.encode(shared, place)).toThrow("SharedArrayBuffer");
  });
});

describe("decoding", () => {
  /** A reply of a server: what was asked for, and around it the rest of what the socket has read. */
  function withinReply(length: number, around: number): Buffer {
    const reply = new Uint8Array(length + around).fill(1);
    return Buffer.from(reply.buffer, 5, length);
  }

  test("hands out a view of the memory the bytes were found in", () => {
    const found = withinReply(50_000, 40);
    const value = bytes.decode(found, place) as Buffer;
    expect(value.buffer).toBe(found.buffer);
    expect([value.byteOffset, value.byteLength]).toEqual([5, 50_000]);
  });

  test("hands out a copy where a view would keep more than twice its size of memory", () => {
    const asLarge = withinReply(1_000, 1_000);
    expect((bytes.decode(asLarge, place) as Buffer).buffer).toBe(asLarge.buffer);
    const larger = withinReply(1_000, 1_001);
    const copy = bytes.decode(larger, place) as Buffer;
    expect(copy).toEqual(larger);
    expect(copy.buffer.byteLength).toBe(1_000);
    expect((bytes.decode(withinReply(0, 10), place) as Buffer).buffer.byteLength).toBe(0);
  });

  test("gives a Buffer, whatever kind of Uint8Array it is given", () => {
    expect(bytes.decode(Uint8Array.of(97, 98), place)).toEqual(Buffer.from("ab"));
    expect(String(bytes.decode(Uint8Array.of(97, 98), place))).toBe("ab");
  });
});

test("says that it shares memory", () => {
  expect(bytes.sharesBytes).toBe(true);
});
