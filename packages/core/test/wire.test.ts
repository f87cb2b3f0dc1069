import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EntryCodec } from "../src/entry/codec.ts";
import type { FrameContent } from "../src/entry/frame.ts";
import { frameFormat, frameFormats, readFrame } from "../src/entry/frame-formats.ts";
import { json } from "../src/index.ts";
import { goldenFrames } from "./wire/golden.ts";
import type { Frame } from "./wire/reader-v1.ts";
import { type Sample, sampleOfSize, samplesIn } from "./wire/samples.ts";

/*
 * What one release writes, others read. A release that adds a format adds golden frames of it and a reader of its own to
 * the folder; it changes nothing that is there, and nothing here.
 */

type Reader = (key: string, bytes: Uint8Array) => Frame | string;

const files = readdirSync(`${import.meta.dirname}/wire`);

/** For each format ever released, a reader that shares no code with ours. */
const readers = new Map<number, Reader>();
for (const file of files) {
  const format = /^reader-v(\d+)\.ts$/.exec(file)?.[1];
  if (format === undefined) continue;
  const { readFrame: reader } = (await import(`./wire/reader-v${format}.ts`)) as { readonly readFrame: Reader };
  readers.set(Number(format), reader);
}

const golden = goldenFrames();

/** As another reader tells it, with its payload as a Buffer. */
function toldBy(format: number, key: string, bytes: Uint8Array): unknown {
  const found = readers.get(format)?.(key, bytes);
  if (found === undefined || typeof found === "string") return found;
  const { serializer: serializerId, payload, ...others } = found;
  return { ...others, serializerId, payload: Buffer.from(payload) };
}

function readHere(key: string, bytes: Uint8Array): FrameContent | string {
  const found = readFrame(key, bytes);
  return typeof found === "string" ? found : { ...found, payload: Buffer.from(found.payload) };
}

function asBuffer({ payload, ...others }: FrameContent): FrameContent {
  return { ...others, payload: Buffer.from(payload) };
}

function frameOf(format: number, { key, content, renewed }: Sample): Uint8Array {
  const frame = frameFormat(format).write(key, content);
  if (renewed !== undefined) frame.set(frameFormat(format).renewedHeader(frame, renewed));
  return frame;
}

describe("A frame that a release has written", () => {
  test("is kept for each kind of frame, with what it holds", () => {
    const kept = files.filter((file) => /^v\d+-/.test(file));
    expect(kept).toHaveLength(golden.length * 2);
    for (const format of frameFormats) {
      const names = golden.filter((each) => each.format === format).map(({ name }) => name);
      expect(names).toEqual(
        samplesIn(format)
          .map(({ name }) => `v${format}-${name}`)
          .toSorted(),
      );
    }
  });

  test.each(golden)("is read for ever: $name", ({ key, frame, content, ...others }) => {
    expect(readHere(key, frame)).toEqual(content);
    if (!("value" in others)) return;
    const codec = new EntryCodec(json, content.schemaVersion);
    expect(codec.decoded(frame, { key, shiftMs: 0 })).toMatchObject({ value: others.value });
  });

  test.each(golden)("is read by a reader that was written from the page alone: $name", (each) => {
    expect(toldBy(each.format, each.key, each.frame)).toEqual(each.content);
  });
});

describe.each(frameFormats)("A frame that is written today in format %i", (format) => {
  const samples = samplesIn(format);
  const sizes = [0, 1, 15, 16, 17, 959, 960, 961, 50_000];
  const all = [...samples, ...sizes.flatMap((bytes) => [sampleOfSize("json", bytes), sampleOfSize("msgpack", bytes)])];

  test.each(all)("is read by every release that reads this format: $name", (sample) => {
    const expected = asBuffer({ ...sample.content, ...sample.renewed });
    const frame = frameOf(format, sample);
    expect(toldBy(format, sample.key, frame)).toEqual(expected);
    expect(readHere(sample.key, frame)).toEqual(expected);
  });

  test.each(samples)("is refused by them for the same reasons as here, whatever byte is damaged: $name", (sample) => {
    const frame = Buffer.from(frameOf(format, sample));
    for (let at = 0; at < frame.byteLength; at++) {
      const sound = frame[at] ?? 0;
      frame[at] = sound ^ 0x11;
      expect(toldBy(format, sample.key, frame)).toEqual(readHere(sample.key, frame));
      frame[at] = sound;
      const cut = frame.subarray(0, at);
      expect(toldBy(format, sample.key, cut)).toEqual(readHere(sample.key, cut));
    }
  });
});

test("A cache that is told to write a format writes that one", () => {
  for (const format of frameFormats) {
    const codec = new EntryCodec(json, 0, format);
    const entry = { ...samplesIn(1)[0]?.content, value: 7 } as never;
    expect(codec.frame(entry, codec.payloadOf(7, "key"), { key: "key", shiftMs: 0, generation: 1n })[2]).toBe(format);
  }
});
