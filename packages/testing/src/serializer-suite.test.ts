import { json, type Serializer } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { serializerSuite } from "./serializer-suite.ts";

describe("the core's own serializer", () => {
  for (const { title, run } of serializerSuite(json)) test(title, run);
});

/** The titles of the cases that a serializer fails. */
async function failed(serializer: Serializer, keeps: Readonly<Record<string, unknown>> = {}): Promise<string[]> {
  const titles: string[] = [];
  for (const { title, run } of serializerSuite(serializer, { keeps })) await run().catch(() => titles.push(title));
  return titles;
}

test("a serializer that loses what it claims to keep fails the case of that value", async () => {
  const titles = await failed(json, { "a date": new Date(0), "minus zero": -0 });
  expect(titles).toContain("comes back as it was: a date");
  expect(titles).toContain("comes back as it was: minus zero");
});

test("a serializer that reuses its buffer is found out", async () => {
  const shared = Buffer.alloc(4_000_000);
  const reusing: Serializer = {
    ...json,
    encode: (value) => shared.subarray(0, shared.write(JSON.stringify(value))),
  };
  expect(await failed(reusing)).toEqual(["encoded bytes do not change when more is encoded"]);
});

test("a serializer that hands out views of its input is found out", async () => {
  const raw: Serializer = {
    id: 3,
    encode: (value) => (value instanceof Uint8Array ? Uint8Array.of(0, ...value) : json.encode(value)),
    decode: (bytes) =>
      bytes[0] === 0 ? new Uint8Array(bytes.buffer, bytes.byteOffset + 1, bytes.length - 1) : json.decode(bytes),
  };
  expect(await failed(raw, { bytes: Uint8Array.of(1, 2) })).toContain(
    "a decoded value is no view of the bytes it came from",
  );
});

test("a serializer with an impossible id is found out", async () => {
  expect(await failed({ ...json, id: 256 })).toEqual(["a serializer's id is a whole number from 1 to 255"]);
});
