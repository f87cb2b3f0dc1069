import { describe, expect, test } from "vitest";
import { json } from "../serializers/json.ts";
import { EntryCodec } from "./codec.ts";
import { entryOver } from "./freshness.ts";
import { defaultRules } from "./rules.ts";

const codec = new EntryCodec(json);
const lifespan = { createdAt: 1_000, freshUntil: 1_500, expiresAt: 2_500, loadMs: 25 };
const entry = entryOver({ score: 87 }, lifespan, defaultRules);
const shiftMs = 1_700_000_000_000;
const frame = codec.frame(entry, codec.payloadOf(entry.value), shiftMs);

function changed(change: (bytes: Uint8Array) => void): Uint8Array {
  const copy = new Uint8Array(frame);
  change(copy);
  return copy;
}

describe("a frame", () => {
  test("gives back the entry that was put in, in the clock of the reader", () => {
    expect(codec.entryIn(frame, shiftMs, defaultRules)).toEqual(entry);
    expect(codec.entryIn(frame, shiftMs + 200, defaultRules)).toMatchObject({
      createdAt: 800,
      freshUntil: 1_300,
      expiresAt: 2_300,
      loadMs: 25,
    });
  });

  test("keeps undefined, null, 0, the empty string and false apart", () => {
    for (const value of [undefined, null, 0, "", false]) {
      const bytes = codec.frame(entryOver(value, lifespan, defaultRules), codec.payloadOf(value), 0);
      expect(codec.entryIn(bytes, 0, defaultRules)).toHaveProperty("value", value);
    }
  });

  test("says that a value never expires", () => {
    const bytes = codec.frame(
      entryOver(
        1,
        { ...lifespan, freshUntil: Number.POSITIVE_INFINITY, expiresAt: Number.POSITIVE_INFINITY },
        defaultRules,
      ),
      codec.payloadOf(1),
      0,
    );
    expect(codec.entryIn(bytes, shiftMs, defaultRules)).toHaveProperty("expiresAt", Number.POSITIVE_INFINITY);
  });

  test("is read from the middle of a larger buffer", () => {
    const larger = new Uint8Array(frame.byteLength + 20);
    larger.set(frame, 7);
    expect(codec.entryIn(larger.subarray(7, 7 + frame.byteLength), shiftMs, defaultRules)).toEqual(entry);
  });
});

describe("bytes that are no frame", () => {
  test("are told by their beginning", () => {
    for (const foreign of ["", "7", '{"value":1}', "a longer text that no frame begins with"]) {
      expect(codec.entryIn(Buffer.from(foreign), 0, defaultRules)).toBe("not-a-frame");
    }
  });

  test("of another format are refused", () => {
    expect(
      codec.entryIn(
        changed((bytes) => bytes.fill(9, 2, 3)),
        0,
        defaultRules,
      ),
    ).toBe("unknown-format");
    expect(
      codec.entryIn(
        changed((bytes) => bytes.fill(2, 4, 5)),
        0,
        defaultRules,
      ),
    ).toBe("unknown-format");
    expect(
      codec.entryIn(
        changed((bytes) => bytes.fill(1, 6, 7)),
        0,
        defaultRules,
      ),
    ).toBe("unknown-format");
  });

  test("of another serializer are refused", () => {
    expect(
      codec.entryIn(
        changed((bytes) => bytes.fill(77, 3, 4)),
        0,
        defaultRules,
      ),
    ).toBe("unknown-codec");
  });

  test("with instants that make no sense are refused", () => {
    expect(
      codec.entryIn(
        changed((bytes) => bytes.fill(0xff, 8, 16)),
        0,
        defaultRules,
      ),
    ).toBe("bad-instants");
    expect(
      codec.entryIn(
        changed((bytes) => bytes.fill(0, 16, 24)),
        0,
        defaultRules,
      ),
    ).toBe("bad-instants");
  });

  test("whose payload the serializer cannot decode are refused", () => {
    expect(
      codec.entryIn(
        changed((bytes) => bytes.fill(0x7b, 40)),
        0,
        defaultRules,
      ),
    ).toBe("undecodable");
  });

  test("are refused wherever a frame was cut off, and when something was appended", () => {
    for (let length = 0; length < frame.byteLength; length++) {
      expect(typeof codec.entryIn(frame.subarray(0, length), 0, defaultRules)).toBe("string");
    }
    expect(codec.entryIn(Buffer.concat([frame, Buffer.of(0)]), 0, defaultRules)).toBe("bad-length");
  });

  test("of 20,000 random buffers none is taken for an entry, and none throws", () => {
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647);
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: random() % 64 }, () => random() & 255);
      if (round % 2 === 0) bytes.set([0xc1, 0xf5, 1, 1].slice(0, bytes.length));
      expect(typeof codec.entryIn(bytes, 0, defaultRules)).toBe("string");
    }
  });
});
