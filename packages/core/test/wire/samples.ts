import type { FrameContent, FrameInstants } from "../../src/entry/frame.ts";

/** What a frame is made of for a test. */
export interface Sample {
  readonly name: string;
  /** The key that it lies under. */
  readonly key: string;
  readonly content: FrameContent;
  /** What it was prolonged to after it was written. */
  readonly renewed?: FrameInstants;
  /** The first format that has a place for all of it. @defaultValue 1 */
  readonly since?: number;
}

const instants: FrameInstants = {
  createdAt: 1_763_600_000_000.25,
  freshUntil: 1_763_600_060_000.25,
  expiresAt: 1_763_600_120_000.25,
  loadMs: 12,
};

const JSON_ID = 1;
const MSGPACK_ID = 2;

/** Small frames of every kind. Their names are those of golden files: one that is there is not to be changed. */
export const samples: readonly Sample[] = [
  sample("json-object", { payload: text({ jobId: 5_678, score: 87.5, skills: ["typescript", "redis"] }) }),
  sample("json-etag", { payload: text("Zürich, 日本, 😀"), etag: '"v7"', schemaVersion: 3 }),
  sample("json-tags", {
    payload: text({ score: 12 }),
    tags: [
      { tag: "user%3A1234", token: 0xfedc_ba98_7654_3210n },
      { tag: "größe-日本-😀", token: 0n },
    ],
  }),
  sample("undefined-etag-tags", {
    payload: new Uint8Array(0),
    isUndefined: true,
    etag: "gone-2",
    tags: [{ tag: "job%3A5678", token: 1n }],
    generation: 0n,
  }),
  sample("json-empty-list", { payload: text([]) }),
  sample("json-null", { payload: text(null) }),
  sample("undefined", { payload: new Uint8Array(0), isUndefined: true }),
  sample("undefined-etag", { payload: new Uint8Array(0), isUndefined: true, etag: "gone-1" }),
  sample("never-stale", {
    payload: text(true),
    freshUntil: Number.POSITIVE_INFINITY,
    expiresAt: Number.POSITIVE_INFINITY,
    loadMs: 0,
  }),
  sample("always-stale", {
    payload: text("made before 1970"),
    createdAt: -5.5,
    freshUntil: -5.5,
    expiresAt: Number.POSITIVE_INFINITY,
  }),
  {
    name: "json-unicode-key",
    key: "shop/größe:日本%3A😀:é",
    content: contentOf({ payload: text("É"), etag: "\u{feff}Ä-Ω-😀" }),
  },
  sample("msgpack-object", {
    serializerId: MSGPACK_ID,
    payload: Buffer.from(
      "85a56a6f624964cd162ea573636f7265cb4055e00000000000a6736b696c6c7392aa74797065736372697074a57265646973" +
        "a47365656ed6ff691e6680a26174d30000000000000007",
      "hex",
    ),
  }),
  sample("msgpack-vector", {
    serializerId: MSGPACK_ID,
    payload: Buffer.from("c7217407000000000000003f000080bfcdcccc3d5f7089309ec97f7f000080be00002842", "hex"),
  }),
  sample("no-payload", { serializerId: 200, payload: new Uint8Array(0) }),
  sample("highest-numbers", {
    serializerId: 255,
    schemaVersion: 65_535,
    loadMs: 2 ** 32 - 1,
    createdAt: -Number.MAX_VALUE,
    freshUntil: Number.MAX_VALUE,
    expiresAt: Number.MAX_VALUE,
    etag: "e".repeat(1_024),
    generation: 2n ** 64n - 1n,
    tags: Array.from({ length: 32 }, (_, index) => ({
      tag: `${index}`.padEnd(384, "t"),
      token: 2n ** 64n - 1n - BigInt(index),
    })),
    payload: Uint8Array.from({ length: 256 }, (_, byte) => byte),
  }),
  { ...sample("version", { payload: text({ row: 7 }), version: 1_763_600_000_000 }), since: 2 },
  {
    ...sample("version-0-etag-tags", { payload: text([0]), etag: "0", tags: [{ tag: "a", token: 1n }], version: 0 }),
    since: 2,
  },
  {
    ...sample("highest-version", { serializerId: MSGPACK_ID, payload: Buffer.of(0xc0), version: 2 ** 53 - 1 }),
    since: 2,
  },
  { ...sample("version-of-undefined", { payload: new Uint8Array(0), isUndefined: true, version: 3 }), since: 2 },
  {
    ...sample("prolonged", { payload: text("still true"), etag: '"v8"' }),
    renewed: {
      createdAt: 1_763_600_050_000,
      freshUntil: 1_763_600_110_000,
      expiresAt: 1_763_600_170_000,
      loadMs: 3,
    },
  },
];

/** The samples of all that a format has a place for. */
export function samplesIn(format: number): readonly Sample[] {
  return samples.filter(({ since = 1 }) => since <= format);
}

/** A frame with a payload of so many bytes: of text as in JSON, or of numbers as in a vector. */
export function sampleOfSize(kind: "json" | "msgpack", bytes: number): Sample {
  const letters = Buffer.from("senior engineer, platform and data; remote. ".repeat(Math.ceil(bytes / 40)));
  const numbers = Buffer.from(Float32Array.from({ length: bytes }, (_, index) => Math.sin(index)).buffer);
  return sample(`${kind}-${bytes}`, {
    serializerId: kind === "json" ? JSON_ID : MSGPACK_ID,
    payload: (kind === "json" ? letters : numbers).subarray(0, bytes),
  });
}

function sample(name: string, content: Partial<FrameContent> & Pick<FrameContent, "payload">): Sample {
  return { name, key: `app/match:1234:${name}`, content: contentOf(content) };
}

function contentOf(content: Partial<FrameContent> & Pick<FrameContent, "payload">): FrameContent {
  return {
    ...instants,
    serializerId: JSON_ID,
    schemaVersion: 0,
    isUndefined: false,
    etag: undefined,
    generation: 0x0123_4567_89ab_cdefn,
    tags: undefined,
    ...content,
  };
}

function text(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
