import { createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { bytes } from "./bytes.ts";
import { encrypt } from "./encrypt.ts";
import { json } from "./json.ts";

const secret = Buffer.alloc(32, "encrypt");
const serializer = encrypt(json, { keys: [{ id: 9, secret }] });

test("bytes of the first release go on being read", () => {
  const stored = "095225f396413708cfd574833e452da1834439de39127ee0b4283c6688cf655305f6ddce884e36a8671891";
  expect(serializer.decode(Buffer.from(stored, "hex"), "app/cv:7")).toEqual({ name: "Ada" });
});

test("what is written is AES-256-GCM over the encoding, as the layout says", () => {
  const sealed = serializer.encode({ name: "Ada" }, "cv:7");
  expect(sealed).toHaveLength(29 + 14);
  expect(sealed[0]).toBe(9);
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "tiercache encrypt 1", 32));
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(1, 13), { authTagLength: 16 });
  decipher.setAAD(Buffer.from([1, 4, 1, 9, 0, 0, 0, 4, ...Buffer.from("cv:7")])).setAuthTag(sealed.subarray(-16));
  const text = decipher.update(sealed.subarray(13, -16)).toString() + decipher.final().toString();
  expect(text).toBe('{"name":"Ada"}');
});

test("nothing of the value is to be seen in its bytes", () => {
  const page = Buffer.alloc(10_000, "Ada Lovelace");
  const sealed = Buffer.from(encrypt(bytes, { keys: [{ id: 9, secret }] }).encode(page, "cv:7"));
  expect(sealed.includes("Lovelace")).toBe(false);
  // Of 10,000 random bytes, each of the 256 stands there some 39 times.
  const counts = new Uint32Array(256);
  for (const byte of sealed) counts[byte] = (counts[byte] ?? 0) + 1;
  expect(Math.max(...counts)).toBeLessThan(100);
});

test("no two messages have the same nonce, nor the same bytes for the same value", () => {
  const sealed = Array.from({ length: 5_000 }, () => Buffer.from(serializer.encode("same", "cv:7")));
  expect(new Set(sealed.map((one) => one.toString("hex", 1, 13))).size).toBe(5_000);
  expect(new Set(sealed.map((one) => one.toString("hex", 13, 19))).size).toBeGreaterThan(4_990);
});

test("what comes out is in memory of its own", () => {
  const raw = encrypt(bytes, { keys: [{ id: 9, secret }] });
  const content = randomBytes(1_000);
  const sealed = Buffer.from(raw.encode(content, "page:1"));
  const value = raw.decode(sealed, "page:1");
  sealed.fill(0);
  expect(value).toEqual(content);
  expect(raw.sharesBytes ?? false).toBe(false);
});
