import { describe, expect, test } from "vitest";
import { forged } from "../../test/wire/forged.ts";
import { content, frame, key, read } from "../../test/wire/frame-sample.ts";
import type { FrameContent } from "./frame.ts";
import { readFrame } from "./frame-formats.ts";
import { frameV1 } from "./frame-v1.ts";

/** The frame with something changed, and checks that fit. */
function changed(change: (view: DataView) => void, of = frame): unknown {
  return read(forged(key, of, change));
}

describe("A frame", () => {
  test("that nothing was done to is read as it was written", () => {
    expect(read(frame)).toEqual(content);
    expect(changed(() => {})).toEqual(content);
  });

  test("is a header of 64 bytes, the generation, the etag, the tags and the payload", () => {
    expect(frame.byteLength).toBe(64 + 8 + (2 + 4) + (1 + 2 + 8 + 8 + 2 + 7 + 8) + 13);
    expect(frameV1.write(key, { ...content, etag: undefined, tags: undefined }).byteLength).toBe(64 + 8 + 13);
    const [one, all] = ["\0".repeat(7) + "\u{1}", "\u{ff}".repeat(8)];
    expect(Buffer.from(frame).toString("latin1", 64)).toBe(
      `\u{1}#Eg\u{89}\u{ab}\u{cd}\u{ef}\0\u{4}"v7"\u{2}\0\u{8}user%3A7${one}\0\u{7}gr\u{c3}\u{b6}\u{c3}\u{9f}e${all}{"score":0.9}`,
    );
  });

  test("has a revision that no other has, at bytes 8 to 23", () => {
    const revisions = Array.from({ length: 1_000 }, () =>
      Buffer.from(frameV1.write(key, content)).toString("hex", 8, 24),
    );
    expect(new Set(revisions).size).toBe(1_000);
  });

  test("keeps the time of a load as a whole number of 32 bits", () => {
    const kept = [12.4, 12.5, 0, -1, Number.NaN, 2 ** 32, Number.POSITIVE_INFINITY].map(
      (loadMs) => read(frameV1.write(key, { ...content, loadMs })) as FrameContent,
    );
    expect(kept.map(({ loadMs }) => loadMs)).toEqual([12, 13, 0, 0, 0, 2 ** 32 - 1, 2 ** 32 - 1]);
  });

  test("of any length is read alike, wherever in a larger buffer it lies", () => {
    for (let bytes = 900; bytes < 1_100; bytes++) {
      const payload = Buffer.alloc(bytes, bytes);
      const written = frameV1.write(key, { ...content, payload });
      const within = Buffer.concat([Buffer.alloc(3, 0xaa), written, Buffer.alloc(5, 0xbb)]).subarray(3, -5);
      expect(read(within)).toEqual({ ...content, payload });
      expect(read(new Uint8Array(written))).toEqual({ ...content, payload });
    }
  });

  test.each([13, 9_000])("of %i bytes has none of what lay before where its head is written", (bytes) => {
    const payload = Buffer.alloc(bytes, 1);
    const made = [0x00, 0xff].map((before) => {
      const memory = Buffer.alloc(frameV1.headBytes(content.etag, content.tags), before);
      const written = Buffer.concat([memory, payload]);
      frameV1.writeHead(written, key, content);
      expect(read(written)).toEqual({ ...content, payload });
      // No two frames have the same revision, nor a check of the header that covers none of it.
      return written.fill(0, 8, 24).toString("hex");
    });
    expect(made[0]).toBe(made[1]);
  });

  test("is not touched by reading, and what was read not by the next read", () => {
    const before = Buffer.from(frame);
    const first = read(frame) as FrameContent;
    read(frameV1.write(key, { ...content, payload: Buffer.from("another") }));
    expect(Buffer.from(frame)).toEqual(before);
    expect(first).toEqual(content);
  });

  test("lends its own memory to the payload that is read, and copies nothing", () => {
    for (const bytes of [100, 5_000]) {
      const written = frameV1.write(key, { ...content, payload: Buffer.alloc(bytes, 1) });
      const { payload } = read(written) as FrameContent;
      expect(payload.buffer).toBe(written.buffer);
      expect(payload.byteOffset).toBe(written.byteOffset + 114);
    }
  });
});

describe("A frame that is out of date", () => {
  const outdated = (since: number): unknown =>
    changed((view) => {
      view.setUint8(4, 0x53);
      view.setFloat64(8, since);
    });

  test("is read as it was, with the instant since when", () => {
    expect(outdated(1_700_000_000_123)).toEqual({ ...content, invalidatedAt: 1_700_000_000_123 });
  });

  test("since no instant is refused", () => {
    for (const since of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(outdated(since)).toBe("bad-instants");
    }
  });

  test("is a value again under a renewed header", () => {
    const written = Buffer.from(frame);
    written[4] = 0x53;
    written.writeDoubleBE(1_700_000_000_123, 8);
    const header = frameV1.renewedHeader(written, { ...content, freshUntil: content.freshUntil + 1 });
    expect(read(Buffer.concat([header, written.subarray(64)]))).toEqual({
      ...content,
      freshUntil: content.freshUntil + 1,
    });
  });
});

describe("A frame is refused", () => {
  test("under every other key, however like", () => {
    const others = [
      "app/match:1:1",
      "app/match:1:20",
      "app/match:2:1",
      "ap/match:1:2",
      "app/match:1:2\0",
      "app/Match:1:2",
    ];
    for (const other of [...others, "", "app/match:1:", "app/match:1:２"]) {
      expect(readFrame(other, frame)).toBe("bad-checksum");
    }
  });

  test("where it is none of ours but for the rest", () => {
    expect(changed((view) => view.setUint8(0, 0xc0))).toBe("not-a-frame");
    expect(changed((view) => view.setUint8(1, 0xf4))).toBe("not-a-frame");
    expect(changed((view) => view.setUint8(2, 0))).toBe("unknown-format");
    expect(changed((view) => view.setUint8(2, 3))).toBe("newer-format");
  });

  test("in a state that is not known, and with flags that are not", () => {
    for (let state = 0; state < 256; state++) {
      if (state === 0x53) continue;
      expect(changed((view) => view.setUint8(4, state))).toEqual(state === 0x46 ? content : "unknown-format");
    }
    for (let flags = 8; flags < 256; flags++) expect(changed((view) => view.setUint8(5, flags))).toBe("unknown-format");
  });

  test("where its header was changed, and where its body was", () => {
    for (const at of [3, 5, 6, 7, 24, 47, 51, 55, 56, 59, 60, 63, 64, 65, 66, 82]) {
      const damaged = new Uint8Array(frame);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(read(damaged)).toBe("bad-checksum");
    }
  });

  test("where the header of one frame stands before the body of another, of the same key and length", () => {
    const other = frameV1.write(key, { ...content, payload: Buffer.from('{"score":0.8}') });
    expect(read(Buffer.concat([frame.subarray(0, 64), other.subarray(64)]))).toBe("bad-checksum");
  });

  test("where its length is another than it says, more or less, though its checks fit", () => {
    for (const length of [0, 18, 20, 2 ** 31, 2 ** 32 - 1]) {
      expect(changed((view) => view.setUint32(52, length))).toBe("bad-length");
    }
    expect(changed(() => {}, Buffer.concat([frame, Buffer.of(0)]))).toBe("bad-length");
    expect(changed(() => {}, frame.subarray(0, -1))).toBe("bad-length");
    expect(read(frame.subarray(0, 63))).toBe("bad-length");
    expect(read(frame.subarray(0, 3))).toBe("bad-length");
  });

  test("where its etag is longer than it, or cannot even have a length", () => {
    const untagged = frameV1.write(key, { ...content, tags: undefined });
    for (const length of [18, 255, 65_535]) {
      expect(changed((view) => view.setUint16(72, length), untagged)).toBe("bad-length");
    }
    expect(changed((view) => view.setUint16(72, 17), untagged)).toMatchObject({ etag: '"v7"{"score":0.9}' });
    for (const payload of [Buffer.alloc(0), Buffer.of(1)]) {
      const bare = frameV1.write(key, { ...content, etag: undefined, tags: undefined, payload });
      expect(changed((view) => view.setUint8(5, 2), bare)).toBe("bad-length");
    }
  });

  test("where it is too short for a generation, and where a tag is longer than it or there are more than fit", () => {
    const bare = frameV1.write(key, { ...content, etag: undefined, tags: undefined, payload: Buffer.alloc(0) });
    for (let bytes = 64; bytes < 72; bytes++) {
      expect(changed((view) => view.setUint32(52, bytes - 64), bare.subarray(0, bytes))).toBe("bad-length");
    }
    expect(changed((view) => view.setUint8(5, 4), bare)).toBe("bad-length");
    const tagged = frameV1.write(key, { ...content, etag: undefined, payload: Buffer.alloc(0) });
    expect(changed(() => {}, tagged)).toMatchObject({ tags: content.tags });
    for (const count of [3, 255]) expect(changed((view) => view.setUint8(72, count), tagged)).toBe("bad-length");
    for (const length of [26, 65_535]) {
      expect(changed((view) => view.setUint16(73, length), tagged)).toBe("bad-length");
    }
    expect(changed((view) => view.setUint8(72, 0), tagged)).toMatchObject({ tags: [] });
  });

  test("where something stands behind the value `undefined`", () => {
    expect(changed((view) => view.setUint8(5, 1))).toBe("bad-length");
    expect(changed((view) => view.setUint8(5, 3))).toBe("bad-length");
    expect(read(frameV1.write(key, { ...content, isUndefined: true, payload: Buffer.alloc(0) }))).toMatchObject({
      isUndefined: true,
      etag: '"v7"',
    });
  });

  test.each<[string, Partial<FrameContent>]>([
    ["createdAt is no number", { createdAt: Number.NaN }],
    ["createdAt is endless", { createdAt: Number.POSITIVE_INFINITY, freshUntil: Number.POSITIVE_INFINITY }],
    ["createdAt is before all time", { createdAt: Number.NEGATIVE_INFINITY }],
    ["freshUntil is no number", { freshUntil: Number.NaN }],
    ["expiresAt is no number", { expiresAt: Number.NaN }],
    ["it was stale before it was made", { freshUntil: content.createdAt - 0.25 }],
    ["it is gone before it is stale", { expiresAt: content.freshUntil - 0.25 }],
  ])("where %s", (_, instants) => {
    const expiresAt = Number.POSITIVE_INFINITY;
    expect(read(frameV1.write(key, { ...content, expiresAt, ...instants }))).toBe("bad-instants");
  });
});
