import { readFileSync } from "node:fs";
import { Packr } from "msgpackr";
import { describe, expect, test } from "vitest";
import { msgpack } from "../src/index.ts";
import { samples } from "./golden/samples.ts";

/*
 * What one release has written, all later ones read. `over-msgpackr.json` is what the first codec of this package made,
 * which stood on msgpackr; `codec-1.json` what the own one makes since. A change of what is written adds a file, and changes
 * none that is there.
 */

const serializer = msgpack();

/** The option set with which the first codec used msgpackr: its reader, but for what it had lifted out of a value. */
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

function golden(file: string): ReadonlyMap<string, Buffer> {
  const text = readFileSync(`${import.meta.dirname}/golden/${file}.json`, "utf8");
  const entries = Object.entries(JSON.parse(text) as Readonly<Record<string, string>>);
  return new Map(entries.map(([what, hex]) => [what, Buffer.from(hex, "hex")]));
}

const names = Object.keys(samples);

describe.each(["over-msgpackr", "codec-1"])("What was written as %s", (file) => {
  test("is kept of every sample", () => {
    expect([...golden(file).keys()]).toEqual(names);
  });

  test.each([...golden(file)])("is read for ever: %s", (what, bytes) => {
    expect(serializer.decode(bytes)).toStrictEqual(samples[what]);
  });
});

test.each([...golden("codec-1")])("What is written today is what codec-1 wrote: %s", (what, bytes) => {
  expect(Buffer.from(serializer.encode(samples[what])).toString("hex")).toBe(bytes.toString("hex"));
});

test("The codec before reads what is written today, or refuses what has a Map or a vector in it; never as another value", () => {
  const vectors = msgpack({ vector: "float32" }).encode([0.5, 1.5]);
  const refused: string[] = [];
  for (const [what, bytes] of [...golden("codec-1"), ["a vector", Buffer.from(vectors)] as const]) {
    let read: unknown;
    try {
      read = packr.unpack(new Uint8Array(bytes));
    } catch {
      refused.push(what);
      continue;
    }
    expect(read).toStrictEqual(samples[what]);
  }
  expect(refused).toEqual(["maps", "sets", "a vector"]);
});
