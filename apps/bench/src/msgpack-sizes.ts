import { msgpack } from "@tiercache/msgpack";
import { Packr } from "msgpackr";
import type { Comparison, Contender } from "./comparison.ts";

/** The options under which msgpackr keeps most of what `msgpack()` keeps; the floor, as it looks for nothing and limits nothing. */
const packr = new Packr({
  useRecords: false,
  variableMapSize: true,
  structuredClone: false,
  moreTypes: true,
  copyBuffers: true,
  int64AsType: "bigint",
  useToJSON: false,
});

const serializer = msgpack();

const words = "senior engineer typescript redis cloud platform data remote berlin team product search growth".split(
  " ",
);

/** The same words each time, of so many characters in all. */
function textOf(length: number, seed: number): string {
  let text = "";
  for (let word = seed * 7; text.length < length; word += 5) text += `${words[word % words.length]} `;
  return text.slice(0, length).trim();
}

function vectorOf(length: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin(index));
}

const score = {
  userId: 1234,
  jobId: 5678,
  score: 87,
  reasons: ["typescript", "redis", "remote"],
  computedAt: 1_763_600_000_123,
  stale: false,
};

const matches = Array.from({ length: 20 }, (_, index) => ({
  jobId: 10_000 + index * 37,
  score: (index * 13) % 100,
  title: textOf(24, index),
  city: ["Berlin", "München", "Zürich"][index % 3],
  remote: index % 2 === 0,
  salary: 60_000 + index * 1_000,
}));

const page = {
  total: 1234,
  page: 1,
  jobs: Array.from({ length: 30 }, (_, index) => ({
    id: 100_000 + index,
    title: textOf(30, index),
    companyName: textOf(14, index + 3),
    city: "Hamburg",
    country: "DE",
    remote: index % 2 === 0,
    salaryFromEurPerYear: 60_000,
    salaryToEurPerYear: 90_000 + index,
    seniority: "senior",
    category: "engineering",
    skills: Array.from({ length: 6 }, (_item, skill) => words[(index + skill) % words.length]),
    description: textOf(1_360, index),
    postedAtMs: 1_763_600_000_123 - index * 1_000_000,
    viewCount: index * 37,
  })),
};

/** Encoding and decoding values of the sizes that a cache holds, beside plain msgpackr and JSON. */
export function codecs(): readonly Comparison[] {
  return [
    codec("an object of 100 bytes", score, 50_000),
    codec("a match list of 2 KB", matches, 5_000),
    codec("Float32Array(768)", vectorOf(768), 2_000),
    codec("Float32Array(1024)", vectorOf(1024), 2_000),
    codec("a feed page of 50 KB", page, 500),
    vectorDecoding(),
  ];
}

function codec(what: string, value: unknown, timesPerRound: number): Comparison {
  // JSON has no typed arrays.
  const jsonValue = value instanceof Float32Array ? [...value] : value;
  const json = JSON.stringify(jsonValue);
  const { byteLength } = serializer.encode(value, "bench");
  return {
    name: `encode and decode ${what}`,
    timesPerRound,
    // JSON stands between the two, as the memory that one has used for bytes is given back in the turn of the next.
    contenders: [
      contender(`msgpackr, ${packr.pack(value).byteLength} bytes`, () => packr.unpack(packr.pack(value))),
      contender(`JSON, ${Buffer.byteLength(json)} bytes`, () => JSON.parse(JSON.stringify(jsonValue))),
      contender(`@tiercache/msgpack, ${byteLength} bytes`, () =>
        serializer.decode(serializer.encode(value, "bench"), "bench"),
      ),
    ],
  };
}

function vectorDecoding(): Comparison {
  const bytes = Buffer.from(serializer.encode(vectorOf(768), "bench"));
  return {
    name: "decode Float32Array(768)",
    timesPerRound: 5_000,
    contenders: [
      contender("copy its bytes", () => new Uint8Array(bytes)),
      contender("@tiercache/msgpack", () => serializer.decode(bytes, "bench")),
      contender("msgpackr", () => packr.unpack(bytes)),
    ],
  };
}

function contender(name: string, once: () => unknown): Contender {
  let last: unknown;
  return {
    name,
    async run(times) {
      for (let time = 0; time < times; time++) last = once();
      if (last === undefined) throw new Error("The benchmark made nothing.");
    },
  };
}
