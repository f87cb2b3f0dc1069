import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { isCacheError } from "../errors.ts";
import { encrypt } from "./encrypt.ts";
import { json } from "./json.ts";
import { KeyRing, type KeyRingOptions } from "./key-ring.ts";
import { sign } from "./sign.ts";

const secret = randomBytes(32);
const keys = [
  { id: 1, secret },
  { id: 2, secret: randomBytes(32) },
];

test("the first key is the current one, and each is found by its id", () => {
  const ring = KeyRing.of("encrypt", { keys });
  expect(ring.current.id).toBe(1);
  expect([1, 2].map((id) => ring.find(id)?.id)).toEqual([1, 2]);
  expect([0, 3, undefined].map((id) => ring.find(id))).toEqual([undefined, undefined, undefined]);
});

test("one secret gives other keys for another purpose, and never itself", () => {
  const [forOne, forAnother] = ["encrypt", "sign"].map((owner) => KeyRing.of(owner, { keys }).current.key.export());
  expect(forOne).toHaveLength(32);
  expect(forOne).not.toEqual(forAnother);
  expect(forOne).not.toEqual(secret);
  expect(forOne).toEqual(KeyRing.of("encrypt", { keys }).current.key.export());
});

test("a secret that is wiped after it was given goes on being used", () => {
  const given = Buffer.from(secret);
  const serializer = encrypt(json, { keys: [{ id: 1, secret: given }] });
  given.fill(0);
  expect(encrypt(json, { keys }).decode(serializer.encode("a", "a:1"), "a:1")).toBe("a");
});

describe("what is refused", () => {
  const text = "correct-horse-battery-staple-123";
  const bytes = Buffer.from(text);

  function errorOf(options: unknown): unknown {
    try {
      return KeyRing.of("encrypt", options as KeyRingOptions);
    } catch (error) {
      return error;
    }
  }

  test.each<[unknown, string]>([
    [undefined, "The options of encrypt is a value that is not shown; allowed is an object with keys."],
    [text, "The options of encrypt is a value that is not shown; allowed is an object with keys."],
    [bytes, "encrypt.0 is not an option; the options are keys."],
    [{}, "encrypt.keys is undefined; allowed is a list of 1 to 4 keys."],
    [{ keys: [] }, "encrypt.keys is a value that is not shown; allowed is a list of 1 to 4 keys."],
    [{ keys: text }, "encrypt.keys is a value that is not shown; allowed is a list of 1 to 4 keys."],
    [{ keys: { 1: bytes } }, "encrypt.keys is a value that is not shown; allowed is a list of 1 to 4 keys."],
    [
      { keys: [1, 2, 3, 4, 5].map((id) => ({ id, secret: bytes })) },
      "encrypt.keys is a value that is not shown; allowed is a list of 1 to 4 keys.",
    ],
    [{ keys: [text] }, "encrypt.keys[0] is a value that is not shown; allowed is an object with id and secret."],
    [{ keys: [{ secret: bytes }] }, "encrypt.keys[0].id is undefined; allowed is a whole number from 0 to 255."],
    [{ keys: [{ id: 1 }] }, "encrypt.keys[0].secret is undefined; allowed is a Uint8Array of 32 bytes"],
    [{ keys: [{ id: text, secret: 1 }] }, "encrypt.keys[0].id is a value that is not shown; allowed is a whole number"],
    [
      { keys: [{ id: 256, secret: bytes }] },
      "encrypt.keys[0].id is a value that is not shown; allowed is a whole number",
    ],
    [
      { keys: [{ id: -1, secret: bytes }] },
      "encrypt.keys[0].id is a value that is not shown; allowed is a whole number",
    ],
    [
      { keys: [{ id: 1.5, secret: bytes }] },
      "encrypt.keys[0].id is a value that is not shown; allowed is a whole number",
    ],
    [
      { keys: [{ id: 1, secret: text }] },
      "encrypt.keys[0].secret is a value that is not shown; allowed is a Uint8Array",
    ],
    [{ keys: [{ id: 1, secret: bytes.subarray(1) }] }, "encrypt.keys[0].secret is a value that is not shown"],
    [
      { keys: [{ id: 1, secret: Buffer.concat([bytes, bytes]) }] },
      "encrypt.keys[0].secret is a value that is not shown",
    ],
    [{ keys: [{ id: 1, secret: bytes, kid: 1 }] }, "encrypt.keys[0].kid is not an option; the options are id, secret."],
    [{ keys: [keys[0], { id: 1, secret: bytes }] }, "encrypt.keys has the id 1 twice; allowed is once."],
  ])("%#: options of a wrong form, by an error that shows no secret", (options, message) => {
    const error = errorOf(options);
    expect(isCacheError(error)).toBe(true);
    expect(error).toMatchObject({ code: "INVALID_OPTION", message: expect.stringContaining(message) });
    const shown = inspect(error, { showHidden: true, depth: Number.POSITIVE_INFINITY });
    for (const form of [
      text,
      text.slice(0, 8),
      bytes.toString("hex").slice(0, 16),
      bytes.toString("base64").slice(0, 12),
    ]) {
      expect(shown).not.toContain(form);
    }
  });
});

test.each([
  ["encrypt", encrypt(json, { keys })],
  ["sign", sign(json, { keys })],
])("what %s() makes shows no secret when it is printed", (_, serializer) => {
  const shown = inspect(serializer, { showHidden: true, depth: Number.POSITIVE_INFINITY }) + JSON.stringify(serializer);
  for (const form of [secret.toString("hex"), secret.toString("base64"), inspect(secret).slice(8, 30)]) {
    expect(shown).not.toContain(form);
  }
});
