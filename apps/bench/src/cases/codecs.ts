import { json, type Serializer } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";
import { Packr } from "msgpackr";
// What makes frames is nobody's to use: only its cost is of interest here.
import { EntryCodec } from "../../../../packages/core/src/entry/codec.ts";
import { entryOver } from "../../../../packages/core/src/entry/freshness.ts";
import { defaultRules } from "../../../../packages/core/src/entry/rules.ts";
import type { Case } from "../case.ts";
import type { Comparison, Contender } from "../comparison.ts";
import { repeating } from "../repeating.ts";
import { type SampleValue, sampleValues, vectorOf } from "../values.ts";

const place = { key: "app/match:1234:5678", shiftMs: 1_763_600_000_000, generation: 0x0123_4567_89ab_cdefn };
const lifespan = { createdAt: 1_000.5, freshUntil: 61_000.5, expiresAt: 121_000.5, loadMs: 12, etag: undefined };

/**
 * Encoding and decoding, beside plain msgpackr, which looks for nothing and limits nothing, and JSON; each bare and with a frame
 * around it. The frame's own share is what it takes with a serializer that does nothing.
 */
export const codecs: readonly Case[] = [
  ...sampleValues.map(
    (sample): Case => ({
      name: `codec-${sample.name}`,
      title: `encode and decode ${sample.title}`,
      prepare: async (bench) => roundTrips(sample, bench.times(sample.timesPerRound)),
    }),
  ),
  {
    name: "decode-768-floats",
    title: "decode Float32Array(768)",
    prepare: async (bench) => vectorDecoding(bench.times(5_000)),
  },
];

function roundTrips({ title, value, timesPerRound }: SampleValue, times: number): Comparison {
  const plain = plainMsgpackr();
  const packed = Buffer.from(plain.encode(value, place.key));
  const nothing: Serializer = { id: 2, encode: () => packed, decode: () => value };
  // JSON has no typed arrays.
  const asJson = value instanceof Float32Array ? [...value] : value;
  return {
    name: title,
    timesPerRound: Math.min(times, timesPerRound),
    contenders: [
      bare("msgpackr", plain, value),
      bare("json", json, asJson),
      bare("msgpack()", msgpack(), value),
      framed("frame around nothing", nothing, value),
      framed("frame around msgpackr", plain, value),
      framed("frame around msgpack()", msgpack(), value),
      framed("frame around json", json, asJson),
    ],
  };
}

/** Msgpackr with the options that keep most of what `msgpack()` keeps. */
function plainMsgpackr(): Serializer {
  const packr = new Packr({
    useRecords: false,
    variableMapSize: true,
    mapsAsObjects: true,
    structuredClone: false,
    moreTypes: true,
    copyBuffers: true,
    int64AsType: "bigint",
    useToJSON: false,
  });
  return { id: 2, encode: (value) => packr.pack(value), decode: (bytes) => packr.unpack(bytes) };
}

function bare(name: string, serializer: Serializer, value: unknown): Contender {
  const { byteLength } = serializer.encode(value, place.key);
  return repeating(`${name}, ${byteLength} B`, () => serializer.decode(serializer.encode(value, place.key), place.key));
}

function framed(name: string, serializer: Serializer, value: unknown): Contender {
  const codec = new EntryCodec(serializer, 0);
  const entry = entryOver(value, lifespan, defaultRules);
  const encoded = (): Uint8Array => codec.frame(entry, codec.payloadOf(value, place.key), place);
  return repeating(`${name}, ${encoded().byteLength} B`, () => {
    const decoded = codec.decoded(encoded(), place);
    if (typeof decoded === "string") throw new Error(`Refused: ${decoded}`);
    return decoded;
  });
}

function vectorDecoding(timesPerRound: number): Comparison {
  const serializer = msgpack();
  const bytes = Buffer.from(serializer.encode(vectorOf(768), place.key));
  const plain = plainMsgpackr();
  return {
    name: "decode",
    timesPerRound,
    contenders: [
      repeating("copy its bytes", () => new Uint8Array(bytes)),
      repeating("msgpack()", () => serializer.decode(bytes, place.key)),
      repeating("msgpackr", () => plain.decode(bytes, place.key)),
    ],
  };
}
