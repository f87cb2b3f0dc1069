import { describe, expect, test } from "vitest";
import { newToken, readRecord, recordBytes, recordHeader, type TokenRecord, tokenRevision } from "./token-record.ts";

const record: TokenRecord = {
  token: 0xfedc_ba98_7654_3210n,
  expiresAt: 1_700_000_000_000.5,
  former: [
    { token: 1n, endedAt: 1_600_000_000_000 },
    { token: 0n, endedAt: -5.5 },
  ],
};

describe("the record of a token", () => {
  test("is read as it was written, and says at the place of a frame's revision who it is", () => {
    const bytes = recordBytes(record);
    expect(readRecord(bytes)).toEqual(record);
    expect(Buffer.from(bytes.subarray(0, 8)).toString("hex")).toBe("c1f5010057000000");
    expect(Buffer.compare(bytes.subarray(8, 24), tokenRevision(record.token))).toBe(0);
    expect(readRecord(recordBytes({ ...record, former: [] }))).toEqual({ ...record, former: [] });
    expect(readRecord(recordBytes({ ...record, expiresAt: Number.POSITIVE_INFINITY }))?.expiresAt).toBe(Infinity);
  });

  test("begins with all that changes when it is kept for longer", () => {
    const header = recordHeader(record.token, 5);
    const prolonged = Buffer.concat([header, recordBytes(record).subarray(header.byteLength)]);
    expect(readRecord(prolonged)).toEqual({ ...record, expiresAt: 5 });
  });

  test("is read from no other bytes, whatever they are", () => {
    const bytes = recordBytes(record);
    for (let length = 0; length < bytes.byteLength; length++) {
      const isWhole = length === 32 || length === 48;
      expect(readRecord(bytes.subarray(0, length)) !== undefined).toBe(isWhole);
    }
    for (const at of [0, 1, 2, 3, 4]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      expect(readRecord(damaged)).toBeUndefined();
    }
    for (const foreign of ["text", null, undefined, 5, {}]) expect(readRecord(foreign as never)).toBeUndefined();
  });

  test("forgets an end that lies nowhere: it would allow answers for ever", () => {
    for (const endedAt of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(readRecord(recordBytes({ ...record, former: [{ token: 1n, endedAt }] }))?.former).toEqual([]);
    }
  });
});

test("no token is drawn twice", () => {
  expect(new Set(Array.from({ length: 1_000 }, () => newToken())).size).toBe(1_000);
});
