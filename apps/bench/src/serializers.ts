import { createHash, randomBytes } from "node:crypto";
import { compress, encrypt, json, type Serializer, sign } from "@tiercache/core";
import type { Comparison, Contender } from "./comparison.ts";
import { repeating } from "./repeating.ts";

const place = "match:1234:5678";

const words = "senior engineer platform data search remote Zurich Bern team lead cloud node redis score skills".split(
  " ",
);

/** A match as a job service caches it, some 210 bytes of JSON, of which an id and a score are hard to compress. */
function match(index: number): object {
  const id = createHash("sha256").update(`match ${index}`).digest();
  const word = (at: number): string => words[(id[at] ?? 0) % words.length] ?? "";
  return {
    jobId: id.toString("hex", 0, 12),
    title: `${word(12)} ${word(13)}`,
    score: id.readUInt16BE(14) / 655.35,
    skills: [word(16), word(17)],
    place: word(18),
    summary: Array.from({ length: 12 }, (_, offset) => word(19 + offset)).join(" "),
  };
}

/** What a wrapper costs beside the serializer it wraps: encoding and decoding, for values of three sizes. */
export function wrappedSerializers(): readonly Comparison[] {
  const keys = [{ id: 1, secret: randomBytes(32) }];
  const wrapped: Readonly<Record<string, Serializer>> = {
    "sign(json)": sign(json, { keys }),
    "encrypt(json)": encrypt(json, { keys }),
    "compress(json)": compress(json),
    "encrypt(compress(json))": encrypt(compress(json), { keys }),
  };
  const values: readonly (readonly [name: string, value: unknown, timesPerRound: number])[] = [
    ["100 B", { userId: 1_234, jobId: 5_678, score: 87.5, skills: ["typescript", "redis"], place: "Zurich" }, 4_000],
    ["2 KB", Array.from({ length: 9 }, (_, index) => match(index)), 1_000],
    ["50 KB", Array.from({ length: 230 }, (_, index) => match(index)), 60],
  ];
  return values.map(([name, value, timesPerRound]) => ({
    name: `encode and decode ${name} of JSON`,
    timesPerRound,
    contenders: [
      contender("json", json, value),
      ...Object.entries(wrapped).map(([wrapper, serializer]) => contender(wrapper, serializer, value)),
    ],
  }));
}

function contender(name: string, serializer: Serializer, value: unknown): Contender {
  const { byteLength } = serializer.encode(value, place);
  return repeating(`${name}, ${byteLength} B`, () => serializer.decode(serializer.encode(value, place), place));
}
