import { createHmac, hkdfSync } from "node:crypto";
import { expect, test } from "vitest";
import { bytes } from "./bytes.ts";
import { json } from "./json.ts";
import { sign } from "./sign.ts";

const secret = Buffer.alloc(32, "sign");
const keys = [{ id: 9, secret }];
const serializer = sign(json, { keys });

test("bytes of the first release go on being read", () => {
  const stored = "097b226e616d65223a22416461227de6a0159faaf05b3eb85651f7132e8f8c";
  expect(serializer.decode(Buffer.from(stored, "hex"), "app/user:7")).toEqual({ name: "Ada" });
});

test("what is written is the encoding, readable, before half an HMAC-SHA-256, as the layout says", () => {
  const signed = Buffer.from(serializer.encode({ name: "Ada" }, "user:7"));
  expect(signed).toHaveLength(17 + 14);
  expect(signed[0]).toBe(9);
  expect(signed.toString("utf8", 1, 15)).toBe('{"name":"Ada"}');
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "tiercache sign 1", 32));
  const data = Buffer.from([1, 5, 1, 9, 0, 0, 0, 6, ...Buffer.from('user:7{"name":"Ada"}')]);
  expect(signed.subarray(15)).toEqual(createHmac("sha256", key).update(data).digest().subarray(0, 16));
});

test("nothing can be moved from the place into the value", () => {
  const raw = sign(bytes, { keys });
  const signed = Buffer.from(raw.encode(Buffer.from("3"), "a:12"));
  const moved = Buffer.concat([signed.subarray(0, 1), Buffer.from("23"), signed.subarray(2)]);
  expect(() => raw.decode(moved, "a:1")).toThrow(expect.objectContaining({ code: "INVALID_VALUE" }));
});

test("values share the memory of their bytes where the wrapped serializer's do", () => {
  const raw = sign(bytes, { keys });
  expect([raw.sharesBytes, serializer.sharesBytes]).toEqual([true, false]);
  const found = new Uint8Array(raw.encode(Buffer.alloc(1_000), "page:1"));
  expect((raw.decode(found, "page:1") as Buffer).buffer).toBe(found.buffer);
});
