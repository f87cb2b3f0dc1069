import { bytes, compress, encrypt, json, type Serializer, sign } from "@tiercache/core";
import { describe, expect, test } from "vitest";
import { serializerSuite } from "./serializer-suite.ts";

const keys = [{ id: 7, secret: Buffer.alloc(32, "secret") }];

describe.each([
  ["json", json],
  ["compress(json)", compress(json, { fromBytes: 64 })],
  ["encrypt(json)", encrypt(json, { keys })],
  ["sign(json)", sign(json, { keys })],
  ["encrypt(compress(json))", encrypt(compress(json), { keys })],
])("the core's %s", (_, serializer) => {
  for (const { title, run } of serializerSuite(serializer)) test(title, run);
});

const someBytes = {
  "no bytes": Buffer.of(),
  "some bytes": Buffer.from([0, 1, 127, 128, 255]),
  "many bytes": Buffer.alloc(70_000, "a page "),
};

describe.each([
  ["bytes", bytes],
  ["compress(bytes)", compress(bytes)],
  ["encrypt(bytes)", encrypt(bytes, { keys })],
  ["sign(bytes)", sign(bytes, { keys })],
])("the core's %s", (_, serializer) => {
  const suite = serializerSuite(serializer, { keeps: someBytes, keepsNothingElse: true });
  for (const { title, run } of suite) test(title, run);
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

const titleOfHeadroom =
  "what is encoded behind a headroom comes back, whatever is encoded next or written to any headroom";

test("a serializer that shares a headroom between two values is found out, as is one that leaves out the headroom", async () => {
  const shared = Buffer.alloc(8_000_000);
  const sharing: Serializer = {
    ...json,
    encode(value, place, headroom) {
      if (headroom === undefined) return json.encode(value, place);
      headroom.isLeft = true;
      return shared.subarray(0, headroom.bytes + shared.write(JSON.stringify(value), headroom.bytes));
    },
  };
  expect(await failed(sharing)).toEqual([titleOfHeadroom]);
  const without: Serializer = {
    ...json,
    encode(value, place, headroom) {
      if (headroom !== undefined) headroom.isLeft = true;
      return json.encode(value, place);
    },
  };
  expect(await failed(without)).toEqual([titleOfHeadroom]);
});

/** Bytes behind a mark, anything else as JSON. */
const tagging: Serializer = {
  id: 130,
  encode: (value, place) => (value instanceof Uint8Array ? Uint8Array.of(0, ...value) : json.encode(value, place)),
  decode: (found, place) => (found[0] === 0 ? found.subarray(1) : json.decode(found, place)),
};

test("a serializer that hands out views of its input is found out", async () => {
  expect(await failed(tagging, { bytes: Buffer.of(1, 2) })).toContain(
    "a decoded value is no view of the bytes it came from",
  );
});

test("a serializer that declares to hand out views may, but of nothing around them", async () => {
  const sharing = { ...tagging, sharesBytes: true };
  const title = "a decoded value is a view of its own bytes at most, of nothing around them";
  expect(await failed(sharing, { bytes: Buffer.of(1, 2) })).not.toContain(title);
  const reaching: Serializer = {
    ...sharing,
    decode: (found, place) =>
      found[0] === 0 ? Buffer.from(found.buffer, found.byteOffset + 1, found.length) : tagging.decode(found, place),
  };
  expect(await failed(reaching, { bytes: Buffer.of(1, 2) })).toContain(title);
});

test("a serializer that mixes up places is found out", async () => {
  let last = "";
  const forgetful: Serializer = {
    ...json,
    encode(value, place) {
      last = place;
      return json.encode(value, place);
    },
    decode(found, place) {
      if (place !== last) throw new Error("elsewhere");
      return json.decode(found, place);
    },
  };
  expect(await failed(forgetful)).toEqual([
    "what was encoded for a place comes back from it, whatever was encoded for others meanwhile",
  ]);
});

test("a serializer that stays damaged by an encoding that breaks off is found out", async () => {
  let damaged = false;
  const fragile: Serializer = {
    ...json,
    decode(found, place) {
      if (damaged) throw new Error("damaged");
      if (found.length > 0 && found[found.length - 1] === 0x5c) damaged = true;
      return json.decode(found, place);
    },
  };
  expect(await failed(fragile)).toContain(
    "an encoding that breaks off anywhere throws an error or gives a value, and harms nothing",
  );
});

test("a serializer with an impossible id is found out", async () => {
  expect(await failed({ ...json, id: 256 })).toEqual(["a serializer's id is a whole number from 1 to 255"]);
});
