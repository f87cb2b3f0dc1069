import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { EntryCodec } from "../src/entry/codec.ts";
import { readFrame } from "../src/entry/frame-formats.ts";
import { frameV1 } from "../src/entry/frame-v1.ts";
import type { Serializer } from "../src/index.ts";
import { forged } from "./wire/forged.ts";
import { type Sample, sampleOfSize, samples } from "./wire/samples.ts";

const HEADER_BYTES = 64;
const REVISION = { from: 8, to: 24 };

const sized = [0, 1, 100, 959, 961, 2_000, 50_000];
const all = [...samples, ...sized.flatMap((bytes) => [sampleOfSize("json", bytes), sampleOfSize("msgpack", bytes)])];

/** A frame as it lies in a tier, and all that is in it as one text to compare. */
interface Lying {
  readonly key: string;
  readonly frame: Buffer;
  readonly told: string;
}

function lying({ key, content }: Sample): Lying {
  const frame = Buffer.from(frameV1.write(key, content));
  return { key, frame, told: toldOf(key, frame) };
}

/** What a reader finds: all of it, or why there is nothing. */
function toldOf(key: string, bytes: Uint8Array): string {
  const found = readFrame(key, bytes);
  if (typeof found === "string") return found;
  // That a value is out of date stands where the revision does: it may change, and the value is the same one.
  const { payload, tags, invalidatedAt: _, ...others } = found;
  const named = tags?.map(({ tag, token }) => `${tag}=${token}`);
  return `${Object.values(others).join()} ${named?.join()} ${Buffer.from(payload).toString("latin1")}`;
}

/** Flips a bit, looks, and flips it back. */
function toldWithFlip({ key, frame }: Lying, ...bits: readonly number[]): string {
  for (const bit of bits) frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  const found = toldOf(key, frame);
  for (const bit of bits) frame[bit >> 3] = (frame[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return found;
}

function mayChange(bit: number): boolean {
  return bit >= REVISION.from * 8 && bit < REVISION.to * 8;
}

describe("A damaged frame", () => {
  const reasons = new Set(["not-a-frame", "newer-format", "unknown-format", "bad-checksum"]);

  test.each(all)("is refused with any one bit flipped, but for those of the revision: $name", (sample) => {
    const its = lying(sample);
    let same = 0;
    let refused = 0;
    for (let bit = 0; bit < its.frame.byteLength * 8; bit++) {
      const found = toldWithFlip(its, bit);
      if (mayChange(bit) && found === its.told) same++;
      else if (!mayChange(bit) && reasons.has(found)) refused++;
    }
    expect({ same, refused }).toEqual({ same: 128, refused: its.frame.byteLength * 8 - 128 });
  });

  test.each(all.filter(({ content }) => content.payload.byteLength < 2_000))(
    "is refused with any two bits of its header flipped: $name",
    (sample) => {
      const its = lying(sample);
      const bits = Array.from({ length: HEADER_BYTES * 8 }, (_, bit) => bit).filter((bit) => !mayChange(bit));
      let refused = 0;
      for (const [index, one] of bits.entries()) {
        for (const other of bits.slice(index + 1)) if (reasons.has(toldWithFlip(its, one, other))) refused++;
      }
      expect(refused).toBe((bits.length * (bits.length - 1)) / 2);
    },
  );

  test.each(all)("is refused cut at any place, and with anything behind it: $name", (sample) => {
    const { key, frame } = lying(sample);
    let refused = 0;
    for (let length = 0; length < frame.byteLength; length++) {
      const found = readFrame(key, frame.subarray(0, length));
      if (found === (length < 3 ? "not-a-frame" : "bad-length")) refused++;
    }
    expect(refused).toBe(frame.byteLength);
    for (const more of [Buffer.of(0), Buffer.of(0xff), Buffer.from("\r\n"), frame, Buffer.alloc(5_000)]) {
      expect(readFrame(key, Buffer.concat([frame, more]))).toBe("bad-length");
    }
  });

  test("is refused under the key of every other one", () => {
    const keys = new Set(all.map(({ key }) => key));
    for (const sample of all) {
      const { frame } = lying(sample);
      for (const key of keys) expect(readFrame(key, frame) === "bad-checksum").toBe(key !== sample.key);
    }
  });
});

/** How many bytes a single call takes for buffers, whether or not it keeps them. */
function bytesTakenBy(call: () => void): number {
  const before = process.memoryUsage().arrayBuffers;
  call();
  return process.memoryUsage().arrayBuffers - before;
}

/** Whole numbers from 0 to 2^32 - 1, always the same ones (xorshift32). */
function seededIntegers(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

describe("Bytes made up at random", () => {
  /** A serializer that counts what is asked of it. */
  class Counting implements Serializer {
    readonly id = 1;
    decodes = 0;
    encode(): Uint8Array {
      throw new Error("Not asked for.");
    }
    decode(bytes: Uint8Array): unknown {
      this.decodes++;
      return bytes.byteLength;
    }
  }

  const next = seededIntegers(20_261_121);
  const integer = (below: number): number => Math.floor((next() / 2 ** 32) * below);

  test("are never taken for a frame: 100,000 strings, as such, behind the first three bytes, behind a header, also of their length", () => {
    const serializer = new Counting();
    const codec = new EntryCodec(serializer, 65_535);
    // What has hardly a body is soon whole again by chance.
    const bodied = all
      .map((sample) => lying(sample))
      .filter(({ frame }) => frame.byteLength > HEADER_BYTES + 8 && frame.byteLength <= 3_000);
    const behind = [0, 3, HEADER_BYTES, HEADER_BYTES];
    const space = Buffer.alloc(3_000);
    const refused = new Map<string, number>();
    let mostBytes = 0;
    for (let round = 0; round < 100_000; round++) {
      const { key, frame } = bodied[integer(bodied.length)] as Lying;
      const bytes = space.subarray(0, round % 4 === 3 ? frame.byteLength : integer(round % 10 === 0 ? 3_000 : 200));
      for (let at = 0; at < bytes.byteLength; at++) bytes[at] = next() >>> 24;
      frame.copy(bytes, 0, 0, behind[round % 4]);
      let found: unknown;
      const decode = (): void => void (found = codec.decoded(bytes, { key, shiftMs: 0 }));
      if (round % 100 < 4) mostBytes = Math.max(mostBytes, bytesTakenBy(decode));
      else decode();
      if (typeof found === "string") refused.set(found, (refused.get(found) ?? 0) + 1);
    }
    expect([...refused.values()].reduce((sum, count) => sum + count)).toBe(100_000);
    for (const often of ["not-a-frame", "bad-length", "bad-checksum"]) {
      expect(refused.get(often)).toBeGreaterThan(10_000);
    }
    expect(serializer.decodes).toBe(0);
    expect(mostBytes).toBe(0);
  });

  test("are noticed in a real frame: 100,000 mutations leave the exact value or none", () => {
    const frames = all.filter(({ content }) => content.payload.byteLength <= 2_000).map((sample) => lying(sample));
    const outcomes = { same: 0, refused: 0, changed: 0 };
    for (let round = 0; round < 100_000; round++) {
      const its = frames[integer(frames.length)] as Lying;
      const other = frames[integer(frames.length)] as Lying;
      const found = toldOf(its.key, mutated(its.frame, other.frame));
      if (found === its.told) outcomes.same++;
      else if (/^[a-z-]+$/.test(found)) outcomes.refused++;
      else outcomes.changed++;
    }
    expect(outcomes.changed).toBe(0);
    expect(outcomes.same + outcomes.refused).toBe(100_000);
    // Some mutations hit the revision alone, or nothing: a test that never saw one would prove little.
    expect(outcomes.same).toBeGreaterThan(100);
  });

  /** A copy of a frame with one to three things done to it. */
  function mutated(frame: Buffer, other: Buffer): Buffer {
    let bytes = Buffer.from(frame);
    for (let times = integer(3); times >= 0; times--) {
      const at = integer(bytes.byteLength);
      const length = Math.min(integer(20), bytes.byteLength - at);
      const mutations = [
        () => bytes.fill(next() & 0xff, at, at + 1),
        () => bytes.fill(integer(2) === 0 ? 0 : 0xff, at, at + length),
        () => bytes.writeUInt32BE(next(), Math.min(at, Math.max(0, bytes.byteLength - 4))),
        () => bytes.copyWithin(at, integer(bytes.byteLength), integer(bytes.byteLength)),
        () => other.copy(bytes, at, Math.min(at, other.byteLength), at + length * 4),
        () => bytes.set(other.subarray(0, Math.min(HEADER_BYTES, bytes.byteLength))),
        () => void (bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])),
        () => void (bytes = Buffer.concat([bytes.subarray(0, at), Buffer.alloc(length), bytes.subarray(at)])),
        () => void (bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(Math.min(at, other.byteLength))])),
      ];
      if (bytes.byteLength >= 4) mutations[integer(mutations.length)]?.();
    }
    return bytes;
  }
});

describe("Memory", () => {
  test("is not taken by lengths that a forger has written", () => {
    const { key, frame } = lying(sampleOfSize("json", 2_000));
    const forgeries = [
      forged(key, frame, (view) => view.setUint32(52, 2 ** 32 - 1)),
      forged(key, frame, (view) => view.setUint32(52, 2 ** 31 - 65)),
      forged(key, frame, (view) => {
        view.setUint8(5, 2);
        view.setUint16(HEADER_BYTES, 65_535);
      }),
    ];
    for (const forgery of forgeries) {
      expect(readFrame(key, forgery)).toBe("bad-length");
      const taken = Array.from({ length: 100 }, () => bytesTakenBy(() => void readFrame(key, forgery)));
      // Below 0 is what was freed meanwhile.
      expect(Math.max(0, ...taken)).toBe(0);
    }
  });

  test.each([200, 5_000])("that a frame of %i bytes lay in is free once its payload is", async (bytes) => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const { key, frame } = lying(sampleOfSize("json", bytes));
    const { reply, kept } = readFrom(key, frame);
    // What a WeakRef has shown is kept until the end of the task.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    collectGarbage();
    expect(reply.deref()).toBeUndefined();
    expect(kept).toBe('"v1"');
  });

  /** Reads a frame that is a part of a large reply, and keeps of it what an entry keeps. */
  function readFrom(key: string, frame: Buffer): { readonly reply: WeakRef<ArrayBuffer>; readonly kept: unknown } {
    const found = readFrame(key, frame);
    if (typeof found === "string") throw new Error(found);
    const withEtag = frameV1.write(key, { ...found, etag: '"v1"' });
    const reply = new Uint8Array(10_000_000);
    reply.set(withEtag, 7_000);
    const within = readFrame(key, reply.subarray(7_000, 7_000 + withEtag.byteLength));
    return { reply: new WeakRef(reply.buffer), kept: typeof within === "string" ? within : within.etag };
  }
});
