import { describe, expect, test } from "vitest";
import type { Stamp } from "../contracts/stamp.ts";
import { json } from "../serializers/json.ts";
import type { Decoded } from "./codec.ts";
import { EntryCodec } from "./codec.ts";
import { entryOver } from "./freshness.ts";
import { Payload } from "./payload.ts";
import { defaultRules } from "./rules.ts";

const codec = new EntryCodec(json, 3);
const key = "match:1:2";
const shiftMs = 1_700_000_000_000;
const lifespan = { createdAt: 1_000, freshUntil: 61_000, expiresAt: 121_000, loadMs: 12, etag: '"v7"' };
const entry = entryOver({ score: 0.9 }, lifespan, defaultRules);
const frame = codec.frame(entry, codec.payloadOf(entry.value, key), { key, shiftMs, generation: 1n });

function decodedBy(by: EntryCodec, bytes: Uint8Array, shift = shiftMs): Decoded {
  const decoded = by.decoded(bytes, { key, shiftMs: shift });
  if (typeof decoded === "string") throw new Error(`rejected: ${decoded}`);
  return decoded;
}

describe("A value", () => {
  test("comes back with its instants, its load time, its etag and the version that wrote it", () => {
    expect(decodedBy(codec, frame)).toMatchObject({ value: { score: 0.9 }, lifespan, schemaVersion: 3 });
  });

  test("keeps its instants in the tier's time: a reader whose clock differs sees them shifted", () => {
    const { createdAt, freshUntil, expiresAt } = decodedBy(codec, frame, shiftMs + 200).lifespan;
    expect([createdAt, freshUntil, expiresAt]).toEqual([800, 60_800, 120_800]);
  });

  test.each([undefined, null, 0, "", false, []])("that is %j is told apart from every other", (value) => {
    const bytes = codec.frame(entryOver(value, lifespan, defaultRules), codec.payloadOf(value, key), {
      key,
      shiftMs,
      generation: 1n,
    });
    expect(decodedBy(codec, bytes).value).toEqual(value);
  });

  test("that never grows old keeps that", () => {
    const never = { ...lifespan, freshUntil: Number.POSITIVE_INFINITY, expiresAt: Number.POSITIVE_INFINITY };
    const bytes = codec.frame(entryOver(1, never, defaultRules), codec.payloadOf(1, key), {
      key,
      shiftMs,
      generation: 1n,
    });
    expect(decodedBy(codec, bytes).lifespan).toEqual(never);
  });

  test("is encoded once for several frames, each of which has bytes of its own", () => {
    const payload = codec.payloadOf(entry.value, key, entry);
    const frames = [0, 1, 2].map((shift) => codec.frame(entry, payload, { key, shiftMs: shift, generation: 1n }));
    for (const [shift, bytes] of frames.entries()) {
      expect(decodedBy(codec, bytes, shift)).toMatchObject({ value: { score: 0.9 }, lifespan });
      bytes.fill(0);
    }
  });

  test("is put behind any etag and tags, whether or not they were known when it was encoded", () => {
    const stamps = [{ tag: "user%3A7", token: 7n } as Stamp];
    for (const known of [entry, { etag: undefined, stamps: undefined }, { etag: "other", stamps }]) {
      const payload = codec.payloadOf(entry.value, key, known);
      const bytes = codec.frame({ ...entry, stamps }, payload, { key, shiftMs, generation: 1n });
      expect(decodedBy(codec, bytes)).toMatchObject({
        value: { score: 0.9 },
        lifespan,
        tokens: { tags: [{ tag: "user%3A7", token: 7n }] },
      });
    }
  });

  test("has the same payload in every frame, so that it can be copied to another tier without being encoded again", () => {
    const { payload } = decodedBy(codec, frame);
    const copy = codec.frame(entry, payload, { key, shiftMs: 0, generation: 1n });
    expect(decodedBy(codec, copy, 0)).toMatchObject({ value: { score: 0.9 }, lifespan });
  });
});

describe("A prolonged frame", () => {
  test("is the old one with a new header, and holds the same value for longer", () => {
    const later = entryOver(entry.value, { ...lifespan, createdAt: 50_000, freshUntil: 110_000 }, defaultRules);
    const prolonged = Buffer.from(frame);
    prolonged.set(codec.renewedHeader(frame, later, shiftMs));
    expect(prolonged.subarray(64)).toEqual(Buffer.from(frame).subarray(64));
    expect(decodedBy(codec, prolonged)).toMatchObject({
      value: { score: 0.9 },
      lifespan: { createdAt: 50_000, freshUntil: 110_000, etag: '"v7"' },
    });
  });

  test("has another revision, so that it is not taken for the one that was seen before", () => {
    const header = Buffer.from(codec.renewedHeader(frame, entry, shiftMs));
    expect(header.subarray(8, 24)).not.toEqual(Buffer.from(frame).subarray(8, 24));
  });
});

describe("A frame is refused", () => {
  test("where another serializer made the payload", () => {
    const other = new EntryCodec({ ...json, id: 200 }, 3);
    expect(other.decoded(frame, { key, shiftMs })).toBe("other-serializer");
  });

  test("where a later version of the namespace wrote it; what an earlier one wrote is handed on with its version", () => {
    expect(new EntryCodec(json, 2).decoded(frame, { key, shiftMs })).toBe("newer-schema");
    expect(decodedBy(new EntryCodec(json, 4), frame).schemaVersion).toBe(3);
  });

  test("where the serializer cannot decode the payload", () => {
    const garbled = codec.frame(entry, new Payload(Buffer.from("{")), { key, shiftMs, generation: 1n });
    expect(codec.decoded(garbled, { key, shiftMs })).toBe("undecodable");
  });
});
