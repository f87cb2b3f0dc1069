import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { composedIds, plainIds, remoteKeys } from "./key.ts";
import { keySecretOf } from "./key-secret.ts";

type Parts = readonly (string | number | bigint | boolean)[];

const SECRET = keySecretOf({ secret: "only for these tests" });

/** What a part is made of by somebody who wants two keys to meet. */
const tokens = fc.array(
  fc.oneof(
    fc.constantFrom("%#", "%", "#", "%2", "%25", "%3A", "%7B", ":", "::", "{", "}", "{}", "\0", "\r\n", " ", "*"),
    fc.constantFrom("\u00e9", "e\u0301", "\ufeff", "\ufffd", "\u{1f600}", "a", "1", "true", "constructor"),
    fc.constantFrom(
      "k".repeat(213),
      "k".repeat(216),
      "k".repeat(256),
      "k".repeat(257),
      ":".repeat(80),
      "é".repeat(300),
    ),
    fc.string({ unit: "binary", maxLength: 4 }),
    fc.string({ unit: fc.constantFrom("-", "_", "a", "Z", "0"), minLength: 43, maxLength: 43 }),
  ),
  { minLength: 1, maxLength: 8 },
);

const part = fc.oneof(
  tokens.map((list) => list.join("")),
  fc.integer(),
  fc.bigInt(),
  fc.boolean(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Two lists whose texts are the same, but for where one part ends and the next begins. */
const alike = fc.tuple(tokens, fc.array(fc.nat()), fc.array(fc.nat())).map(([list, ...cuts]) =>
  cuts.map((places) => {
    const ends = new Set(places.map((place) => place % list.length));
    return list.reduce<string[]>((parts, token, index) => {
      if (index === 0 || ends.has(index)) return [...parts, token];
      return [...parts.slice(0, -1), `${parts.at(-1)}${token}`];
    }, []);
  }),
);

const lists = fc.oneof(fc.array(fc.array(part, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 6 }), alike);

const composed = composedIds("n", (...parts: Parts) => parts);
const plain = plainIds("n");

/** Every id and every physical key that a list of parts can come to, by where it is looked up. */
function formsOf(parts: Parts): readonly (readonly [place: string, form: string])[] {
  const [only, ...others] = parts;
  const kinds = [{ ids: "composed", composed: true, id: composed([...parts]) }];
  if (typeof only === "string" && others.length === 0) kinds.push({ ids: "plain", composed: false, id: plain([only]) });
  return kinds.flatMap(({ ids, composed: isComposed, id }) => {
    const made = { prefix: "", namespace: "n", composed: isComposed };
    return [
      [`local, ${ids}`, id],
      // A namespace may have been of another kind, or readable, before: its old keys are still there.
      ["remote", remoteKeys({ ...made, secret: undefined })(id)],
      ["remote", remoteKeys({ ...made, secret: SECRET })(id)],
    ] as const;
  });
}

/** Lists that somebody tries who has seen the forms of another one. */
function attempts(parts: Parts): readonly Parts[] {
  return formsOf(parts).flatMap(([, form]) => {
    const bare = form.replace(/^n:/, "");
    const unescaped = bare.replaceAll(/%[0-9A-F]{2}/g, (escape) =>
      String.fromCharCode(Number.parseInt(escape.slice(1), 16)),
    );
    const [head = "", digest = ""] = bare.split("%#");
    return [
      [bare],
      bare.split(":"),
      [unescaped],
      unescaped.split(":"),
      [head, `%#${digest}`],
      [`%#${digest}`],
      [digest],
    ];
  });
}

/** The forms in which two different lists meet. */
function meetings(all: readonly Parts[]): readonly string[] {
  const owners = new Map<string, string>();
  return all.flatMap((parts) =>
    formsOf(parts).flatMap(([place, form]) => {
      const list = JSON.stringify(parts.map(String));
      const owner = owners.get(`${place}\n${form}`) ?? list;
      owners.set(`${place}\n${form}`, list);
      return owner === list ? [] : `${place}: ${form}`;
    }),
  );
}

describe("different lists of parts meet in no id and no physical key,", () => {
  test("however they are cut and whatever they are made of, one string or many parts, short, long or hidden", () => {
    fc.assert(
      fc.property(lists, (some) => {
        expect(meetings(some)).toEqual([]);
      }),
      { numRuns: 3_000 },
    );
  });

  test("nor do lists made of the ids and keys of others", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), (parts) => {
        expect(meetings([parts, ...attempts(parts)])).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

test("the same list always comes to the same ids and keys, and every key is well-formed, of one slot and bounded", () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const forms = formsOf(parts);
      expect(formsOf([...parts])).toEqual(forms);
      for (const [place, form] of forms.filter(([where]) => where === "remote")) {
        expect([place, form.isWellFormed(), /[{}]/.test(form)]).toEqual(["remote", true, false]);
        expect(Buffer.byteLength(form)).toBeLessThanOrEqual(770);
      }
    }),
  );
});

test("a part with a lone surrogate anywhere in it comes to no key", () => {
  const lone = fc.constantFrom("\ud800", "\udbff", "\udc00", "\udfff");
  const text = tokens.map((list) => list.join(""));
  fc.assert(
    fc.property(text, lone, text, (before, surrogate, after) => {
      const broken = `${before}a${surrogate}a${after}`;
      expect(() => formsOf([broken])).toThrow(expect.objectContaining({ code: "INVALID_KEY" }));
      expect(() => formsOf(["a", broken])).toThrow(expect.objectContaining({ code: "INVALID_KEY" }));
    }),
  );
});
