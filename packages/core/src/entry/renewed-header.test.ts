import { describe, expect, test } from "vitest";
import { forged } from "../../test/wire/forged.ts";
import { content, frame, key, read } from "../../test/wire/frame-sample.ts";
import { renewedHeader } from "./frame-formats.ts";
import { frameV1 } from "./frame-v1.ts";

describe("A renewed header", () => {
  const instants = { createdAt: 1_700_000_050_000, freshUntil: 1_700_000_110_000, expiresAt: Infinity, loadMs: 3 };

  test("gives the same body other instants", () => {
    const header = renewedHeader(frame, instants);
    expect(header.byteLength).toBe(64);
    expect(read(Buffer.concat([header, frame.subarray(64)]))).toEqual({ ...content, ...instants });
  });

  test("fits its own body alone", () => {
    const other = frameV1.write(key, { ...content, payload: Buffer.from('{"score":0.8}') });
    expect(read(Buffer.concat([renewedHeader(other, instants), frame.subarray(64)]))).toBe("bad-checksum");
  });

  test("is the old one where that is damaged, cut, no value or of another format, so that nothing gets a check that fits", () => {
    for (let at = 0; at < 64; at++) {
      const isRevision = at >= 8 && at < 24;
      const damaged = Buffer.from(frame);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(Buffer.from(renewedHeader(damaged, instants)).equals(damaged.subarray(0, 64))).toBe(!isRevision);
      const cut = frame.subarray(0, at);
      expect(renewedHeader(cut, instants)).toEqual(cut);
    }
    const newer = forged(key, frame, (view) => view.setUint8(2, 3));
    expect(renewedHeader(newer, instants)).toEqual(newer.subarray(0, 64));
  });

  test("does not change when the next one is made, nor the frame", () => {
    const before = Buffer.from(frame);
    const header = renewedHeader(frame, instants);
    const copy = Buffer.from(header);
    renewedHeader(frameV1.write(key, content), { ...instants, loadMs: 4 });
    expect(Buffer.from(header)).toEqual(copy);
    expect(Buffer.from(frame)).toEqual(before);
  });
});
