import { describe, expect, test } from "vitest";
import {
  DEFAULT_FRAME_FORMAT,
  frameFormat,
  frameFormatRule,
  frameFormats,
  readFrame,
  renewedHeader,
} from "./frame-formats.ts";

const key = "match:1:2";

function frameOfFormat(format: number): Uint8Array {
  return Buffer.concat([Buffer.of(0xc1, 0xf5, format), Buffer.alloc(61)]);
}

describe("Bytes of another format", () => {
  test("are of a newer one where its number is above all that are read here", () => {
    for (let format = Math.max(...frameFormats) + 1; format <= 255; format++) {
      expect(readFrame(key, frameOfFormat(format))).toBe("newer-format");
    }
  });

  test("are of a newer one however few they are, as its header may be a shorter one", () => {
    expect(readFrame(key, frameOfFormat(255).subarray(0, 3))).toBe("newer-format");
  });

  test("are of an unknown one where no release has ever written it", () => {
    expect(readFrame(key, frameOfFormat(0))).toBe("unknown-format");
  });
});

describe("What was written by something else is no frame", () => {
  test.each<[string, Uint8Array]>([
    ["nothing", Buffer.alloc(0)],
    ["one byte", Buffer.of(0xc1)],
    ["the magic and nothing behind it", Buffer.of(0xc1, 0xf5)],
    ["the magic the wrong way round", Buffer.from([0xf5, 0xc1, ...new Uint8Array(62)])],
    ["zeros", Buffer.alloc(64)],
    ["ones", Buffer.alloc(64, 0xff)],
    ["text", Buffer.from("hello")],
    ["a number", Buffer.from("7")],
    ["JSON", Buffer.from('{"value":{"id":7},"expiry":1700000000000,"tags":["user"]}')],
    ["JSON behind a byte order mark", Buffer.from('\u{feff}{"value":1}')],
    ["a page of HTML", Buffer.from(`<!doctype html>${" ".repeat(500)}`)],
    ["MessagePack", Buffer.from("85a56a6f624964cd162ea573636f7265cb4055e00000000000", "hex")],
    ["MessagePack's reserved byte", Buffer.alloc(100, 0xc1)],
    ["gzip", Buffer.from("1f8b0800000000000003cb48cdc9c9070086a6103605000000", "hex")],
    ["serialized Java", Buffer.from("aced00057400056a6f6220370000000000000000000000000000", "hex")],
    ["serialized Python", Buffer.from("80049518000000000000007d948c026964944b078c0573636f7265944757c0", "hex")],
    ["serialized PHP", Buffer.from('a:2:{s:2:"id";i:7;s:5:"score";d:87.5;}')],
    ["V8's own", Buffer.from("ff0f6f2202696449077b01", "hex")],
    ["protobuf", Buffer.from("08ae2c11000000000e055401a0a747970657363726970741205726564697300", "hex")],
  ])("%s", (_, bytes) => {
    expect(readFrame(key, bytes)).toBe("not-a-frame");
  });

  test("the answer of a tier that breaks its promise, whatever it is", () => {
    const trap = (): never => {
      throw new Error("looked at");
    };
    const hostile = new Proxy({}, { get: trap, getPrototypeOf: trap, has: trap });
    const detached = new Uint8Array(64);
    structuredClone(detached, { transfer: [detached.buffer] });
    const answers = [
      hostile,
      detached,
      null,
      7,
      "\u{c1}\u{f5}\u{1}",
      [0xc1, 0xf5, 1],
      { length: 64 },
      new Uint16Array(64),
    ];
    for (const answer of answers) expect(readFrame(key, answer as Uint8Array)).toBe("not-a-frame");
  });
});

test("What is no frame here begins as it did once it was to be prolonged", () => {
  const instants = { createdAt: 1, freshUntil: 2, expiresAt: 3, loadMs: 4 };
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.from("foreign"),
    Buffer.alloc(100, 7),
    frameOfFormat(0),
    frameOfFormat(255),
  ]) {
    expect(renewedHeader(bytes, instants)).toEqual(bytes.subarray(0, 64));
  }
});

describe("The format to write", () => {
  test("is one that this release can write, and is read here", () => {
    expect(frameFormatRule.accepts(DEFAULT_FRAME_FORMAT)).toBe(true);
    for (const format of frameFormats) expect(frameFormat(format)).toHaveProperty("read");
  });

  test.each([0, 3, 256, -1, 1.5, Number.NaN, "1", null, true, [1]])("is never %j", (number) => {
    expect(frameFormatRule.accepts(number)).toBe(false);
    expect(frameFormatRule.allowed).toBe("a frame format that this release can write: 1, 2");
  });
});
