import { json, type Serializer } from "@tiercache/core";
import { msgpack } from "@tiercache/msgpack";
import { Packr } from "msgpackr";
// What makes frames is nobody's to use: only its cost is of interest here.
import { EntryCodec } from "../../../packages/core/src/entry/codec.ts";
import { entryOver } from "../../../packages/core/src/entry/freshness.ts";
import { defaultRules } from "../../../packages/core/src/entry/rules.ts";
import type { Comparison, Contender } from "./comparison.ts";

const place = { key: "app/match:1234:5678", shiftMs: 1_763_600_000_000, generation: 0x0123_4567_89ab_cdefn };
const lifespan = { createdAt: 1_000.5, freshUntil: 61_000.5, expiresAt: 121_000.5, loadMs: 12, etag: undefined };

const score = {
  userId: 1_234,
  jobId: 5_678,
  score: 87.5,
  skills: ["typescript", "redis"],
  place: "Zurich",
  remote: true,
};

function match(index: number): object {
  const skills = ["typescript", "redis", "react"].slice(index % 2);
  return {
    jobId: 10_000 + index,
    title: `Senior engineer ${index}`,
    score: 50 + index / 3,
    skills,
    remote: index % 2 === 0,
  };
}

function post(index: number): object {
  const author = { id: index * 7, name: "Anna Muster", headline: "Engineer of data platforms" };
  const text = "What we have learned from moving a search index between two data centres. ".repeat(2);
  return { id: index, author, text, likes: index * 3, tags: ["search", "data"], postedAt: 1_763_600_000_000 + index };
}

function vector(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin(index));
}

/**
 * What frames cost: to encode a value and decode it again, frame included, beside plain msgpackr, which is the floor, and
 * beside JSON. The frame's own share is what it takes with a serializer that does nothing.
 */
export function frames(): readonly Comparison[] {
  const values: readonly (readonly [name: string, value: unknown, timesPerRound: number])[] = [
    ["an object of 100 B", score, 20_000],
    ["a list of matches of 2 KB", Array.from({ length: 22 }, (_, index) => match(index)), 1_000],
    ["a Float32Array(768)", vector(768), 5_000],
    ["a Float32Array(1024)", vector(1_024), 5_000],
    ["a feed page of 50 KB", Array.from({ length: 170 }, (_, index) => post(index)), 100],
  ];
  return values.map(([name, value, timesPerRound]) => {
    const plain = packr();
    const packed = Buffer.from(plain.encode(value, place.key));
    const nothing: Serializer = { id: 2, encode: () => packed, decode: () => value };
    const asJson = value instanceof Float32Array ? [...value] : value;
    return {
      name: `encode and decode ${name}`,
      timesPerRound,
      contenders: [
        bare("msgpackr", plain, value),
        framed("frame around nothing", nothing, value),
        framed("frame around msgpackr", plain, value),
        bare("msgpack()", msgpack(), value),
        framed("frame around msgpack()", msgpack(), value),
        bare("json", json, asJson),
        framed("frame around json", json, asJson),
      ],
    };
  });
}

/** Msgpackr with the options that `msgpack()` has to give it, and without what that does to keep values whole. */
function packr(): Serializer {
  const plain = new Packr({
    useRecords: false,
    variableMapSize: true,
    mapsAsObjects: true,
    structuredClone: false,
    moreTypes: true,
    copyBuffers: true,
    int64AsType: "bigint",
    useToJSON: false,
  });
  return { id: 2, encode: (value) => plain.pack(value), decode: (bytes) => plain.unpack(bytes) };
}

function bare(name: string, serializer: Serializer, value: unknown): Contender {
  const { byteLength } = serializer.encode(value, place.key);
  return {
    name: `${name}, ${byteLength} B`,
    async run(times) {
      for (let time = 0; time < times; time++) {
        if (serializer.decode(serializer.encode(value, place.key), place.key) === undefined) throw new Error("Lost.");
      }
    },
  };
}

function framed(name: string, serializer: Serializer, value: unknown): Contender {
  const codec = new EntryCodec(serializer, 0);
  const entry = entryOver(value, lifespan, defaultRules);
  const encoded = (): Uint8Array => codec.frame(entry, codec.payloadOf(value, place.key), place);
  return {
    name: `${name}, ${encoded().byteLength} B`,
    async run(times) {
      for (let time = 0; time < times; time++) {
        const decoded = codec.decoded(encoded(), place);
        if (typeof decoded === "string") throw new Error(`Refused: ${decoded}`);
      }
    },
  };
}
