import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import type { Serializer } from "../contracts/serializer.ts";
import { bytes } from "./bytes.ts";
import { encrypt } from "./encrypt.ts";
import { json } from "./json.ts";
import type { SecretKey } from "./key-ring.ts";
import { sign } from "./sign.ts";

const value = { name: "Ada Lovelace", skills: ["analysis"] };
const place = "app/cv:7";

const secret = randomBytes(32);
const former: SecretKey = { id: 1, secret: randomBytes(32) };
const current: SecretKey = { id: 2, secret };

interface Sealing {
  readonly name: string;
  readonly seal: (serializer: Serializer, ...keys: readonly SecretKey[]) => Serializer;
  readonly message: string;
}

const sealings: readonly Sealing[] = [
  {
    name: "encrypt",
    seal: (serializer, ...keys) => encrypt(serializer, { keys }),
    message: "These bytes do not open with any key of encrypt() at the place they are.",
  },
  {
    name: "sign",
    seal: (serializer, ...keys) => sign(serializer, { keys }),
    message: "These bytes were not signed with any key of sign() for the place they are at.",
  },
];

describe.each(sealings)("$name()", ({ seal, message }) => {
  const refused = expect.objectContaining({ code: "INVALID_VALUE", message });
  const serializer = seal(json, current, former);

  test("gives back what it was given, at the place it was sealed for", () => {
    expect(serializer.decode(serializer.encode(value, place), place)).toEqual(value);
  });

  test("refuses bytes of which a single bit is another", () => {
    const sealed = serializer.encode(value, place);
    for (let bit = 0; bit < sealed.byteLength * 8; bit++) {
      const flipped = new Uint8Array(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => serializer.decode(flipped, place)).toThrow(refused);
    }
  });

  test("refuses bytes that break off anywhere, or go on", () => {
    const sealed = serializer.encode(value, place);
    for (let length = 0; length < sealed.byteLength; length++) {
      expect(() => serializer.decode(sealed.slice(0, length), place)).toThrow(refused);
      expect(() => serializer.decode(sealed.slice(length + 1), place)).toThrow(refused);
    }
    expect(() => serializer.decode(Buffer.concat([sealed, Buffer.of(0)]), place)).toThrow(refused);
  });

  test("refuses bytes that were copied to another key, namespace, prefix or generation", () => {
    const sealed = serializer.encode(value, place);
    for (const other of [
      "app/cv:8",
      "app/cv:70",
      "app/cv:",
      "app/user:7",
      "other/cv:7",
      "cv:7",
      "app/cv@2:7",
      "App/cv:7",
      "",
    ]) {
      expect(() => serializer.decode(sealed, other)).toThrow(refused);
    }
  });

  test("refuses bytes that lie at no place", () => {
    const noPlace = undefined as unknown as string;
    expect(() => serializer.encode(value, noPlace)).toThrow(TypeError);
    expect(() => serializer.decode(serializer.encode(value, "undefined"), noPlace)).toThrow();
  });

  test("refuses what was sealed over another serializer", () => {
    const sealed = serializer.encode(value, place);
    expect(() => seal({ ...json, id: 200 }, current).decode(sealed, place)).toThrow(refused);
  });

  test("refuses bytes whose key was given another id", () => {
    const sealed = Buffer.from(seal(json, { id: 1, secret }).encode(value, place));
    expect(() => seal(json, { id: 2, secret }).decode(sealed, place)).toThrow(refused);
    sealed[0] = 2;
    expect(() => seal(json, { id: 1, secret }, { id: 2, secret }).decode(sealed, place)).toThrow(refused);
  });

  test("refuses what was sealed with another secret under the same id", () => {
    const stranger = seal(json, { id: 2, secret: randomBytes(32) });
    expect(() => serializer.decode(stranger.encode(value, place), place)).toThrow(refused);
  });

  test("decodes nothing that it refuses", () => {
    let decoded = 0;
    const counting: Serializer = { ...json, decode: () => decoded++ };
    const sealed = Buffer.from(serializer.encode(value, place));
    sealed[sealed.length - 1] = (sealed.at(-1) ?? 0) ^ 1;
    expect(() => seal(counting, current).decode(sealed, place)).toThrow(refused);
    expect(decoded).toBe(0);
  });

  test("is silent about the value, the secret and the reason when it refuses", () => {
    const sealed = serializer.encode(value, place);
    const cases = [() => serializer.decode(sealed, "app/cv:8"), () => seal(json, former).decode(sealed, place)];
    for (const run of cases) {
      const error = errorOf(run);
      expect(error).toMatchObject({ message, code: "INVALID_VALUE" });
      const shown = inspect(error, { showHidden: true, depth: Number.POSITIVE_INFINITY });
      for (const form of ["Ada", "cv:", secret.toString("hex"), "auth"]) {
        expect(shown.replaceAll(/\n\s+at .*/g, "")).not.toContain(form);
      }
      expect(Object.hasOwn(error as object, "cause")).toBe(false);
    }
  });

  test("holds whatever its serializer makes: nothing at all, and a great deal", () => {
    const raw = seal(bytes, current);
    for (const content of [Buffer.of(), Buffer.of(7), randomBytes(3_000_000)]) {
      expect((raw.decode(raw.encode(content, place), place) as Buffer).equals(content)).toBe(true);
    }
  });

  describe("while keys are changed", () => {
    const before = seal(json, former);
    const learning = seal(json, former, current);
    const switched = seal(json, current, former);
    const after = seal(json, current);

    test("processes with both keys read what either has written", () => {
      for (const writer of [before, learning, switched, after]) {
        for (const reader of [learning, switched]) {
          expect(reader.decode(writer.encode(value, place), place)).toEqual(value);
        }
      }
    });

    test("the first key is the one that writes", () => {
      expect(learning.encode(value, place)[0]).toBe(1);
      expect(switched.encode(value, place)[0]).toBe(2);
    });

    test("what was written with a key that is no longer given is refused", () => {
      expect(() => after.decode(learning.encode(value, place), place)).toThrow(refused);
      expect(() => before.decode(switched.encode(value, place), place)).toThrow(refused);
    });
  });
});

test("neither opens what the other has sealed with the same secret", () => {
  const [encrypting, signing] = [encrypt(json, { keys: [current] }), sign(json, { keys: [current] })];
  expect(() => signing.decode(encrypting.encode(value, place), place)).toThrow();
  expect(() => encrypting.decode(signing.encode(value, place), place)).toThrow();
});

function errorOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}
