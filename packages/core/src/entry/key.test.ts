import { describe, expect, test } from "vitest";
import { composedIds, plainIds, remoteKeys } from "./key.ts";

const parts = composedIds("match", (...given: readonly (string | number | bigint | boolean)[]) => given as [string]);

describe("an id of several parts", () => {
  test("joins the parts in their order", () => {
    expect(parts([1234, 5678])).toBe("1234:5678");
    expect(parts(["user", 7n, true])).toBe("user:7:true");
  });

  test("differs wherever the parts differ", () => {
    const lists = [
      ["a:b", "c"],
      ["a", "b:c"],
      ["a", "b", "c"],
      ["a%3Ab", "c"],
      ["a", "b%3Ac"],
      ["", "a:b:c"],
      ["a:b:c", ""],
      ["a:b:c"],
      ["{a}", "b"],
      ["a", "{b}"],
    ];
    const ids = lists.map((list) => parts(list));
    expect(new Set(ids).size).toBe(lists.length);
  });

  test("holds no brace, by which a part could choose its cluster slot", () => {
    expect(parts(["{user}", "x"])).toBe("%7Buser%7D:x");
  });

  test("treats a number and its text as the same part", () => {
    expect(parts([1])).toBe(parts(["1"]));
  });

  test.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, {}, [], Symbol("s"), () => 1])(
    "is refused with the place of a part that is %s",
    (bad) => {
      expect(() => parts(["fine", bad as string])).toThrow(
        expect.objectContaining({
          code: "INVALID_KEY",
          message: expect.stringContaining('Part 2 of a key of namespace "match"'),
        }),
      );
    },
  );

  test("is refused when it has no parts at all", () => {
    expect(() => parts([])).toThrow(expect.objectContaining({ code: "INVALID_KEY" }));
  });
});

describe("an id of one string", () => {
  test("is the string itself", () => {
    expect(plainIds("user")(["a:b"])).toBe("a:b");
  });

  test.each([undefined, null, 7, {}])("is refused when it is %s", (bad) => {
    expect(() => plainIds("user")([bad])).toThrow(expect.objectContaining({ code: "INVALID_KEY" }));
  });
});

describe("an id too long to stand for itself", () => {
  const ofOne = (id: string) => plainIds("user")([id]);

  test("is told from every other by its length alone", () => {
    expect(ofOne("k".repeat(256))).toBe("k".repeat(256));
    const ends = ["k", ":", "%", "\u{1f600}", "é"];
    const lengths = ends.flatMap((end) =>
      [213, 214, 215, 216, 257].map((head) => ofOne(`${"k".repeat(head)}${end.repeat(257)}`).length),
    );
    expect(Math.min(...lengths)).toBe(259);
    expect(Math.max(...lengths)).toBe(261);
  });

  test("is not what its short form is, handed in as a key", () => {
    const long = "k".repeat(1_000);
    expect(ofOne(ofOne(long))).not.toBe(ofOne(long));
    expect(parts([ofOne(long)])).not.toBe(parts([long]));
  });

  test("is short whether one string or many parts are long", () => {
    expect(parts(Array.from({ length: 200 }, (_, part) => part))).toMatch(/^0:1:2:.*%#[\w-]{43}$/);
    expect(parts(["k".repeat(65_536)])).toBe(ofOne("k".repeat(65_536)));
  });

  test("begins with whole signs and whole escapes", () => {
    const heads = [214, 215, 216].flatMap((head) =>
      [":", "\u{1f600}"].map((end) => ofOne(`${"k".repeat(head)}${end.repeat(50)}`).slice(head - 1, -45)),
    );
    expect(heads).toEqual(["k", "k\u{1f600}", "k", "k", "k", "k"]);
    expect(parts(["k".repeat(213), ":".repeat(50)]).slice(212, -45)).toBe("k:");
  });

  test.each([
    ["plain", (id: string) => ofOne(id)],
    ["composed", (id: string) => parts([id])],
  ])("is refused beyond 65,536 units, escapes included, when it is %s", (_kind, idOf) => {
    for (const longest of ["k".repeat(65_536), `k${":".repeat(21_845)}`]) {
      expect(idOf(longest)).toHaveLength(261 - (longest.endsWith(":") ? 2 : 0));
      expect(() => idOf(`${longest}k`)).toThrow(
        expect.objectContaining({
          code: "INVALID_KEY",
          message: expect.stringMatching(
            / key of namespace "(user|match)" (is )?65537 UTF-16 units long; allowed are at most 65536/,
          ),
        }),
      );
    }
  });

  test("is refused by its length before anything looks through it or makes it longer", () => {
    const longest = ":".repeat(2 ** 29 - 24);
    const refused = (units: number) =>
      expect.objectContaining({
        code: "INVALID_KEY",
        message: expect.stringContaining(` ${units} UTF-16 units long;`),
      });
    expect(() => ofOne(longest)).toThrow(refused(536_870_888));
    expect(() => parts(["a", longest])).toThrow(refused(536_870_889));
    expect(() => parts(Array.from({ length: 70_000 }, () => "a"))).toThrow(refused(65_538));
  });

  test.each([
    ["in its beginning", `\ud83d${"k".repeat(300)}`],
    ["behind its beginning", `${"k".repeat(300)}\ude00`],
  ])("is refused for a lone surrogate %s, which no hash of it would tell from another", (_place, id) => {
    for (const idOf of [ofOne, (text: string) => parts(["a", text])])
      expect(() => idOf(id)).toThrow(expect.objectContaining({ code: "INVALID_KEY" }));
  });
});

describe("a remote key", () => {
  const keyOf = remoteKeys({ prefix: "", namespace: "user", composed: false, secret: undefined });

  test.each(["\ud800", "a\udfff"])("is refused for a lone surrogate, which UTF-8 cannot tell from another", (id) => {
    expect(() => keyOf(id)).toThrow(
      expect.objectContaining({
        code: "INVALID_KEY",
        message: 'A key of namespace "user" has a lone surrogate in it; allowed is well-formed Unicode.',
      }),
    );
  });

  test.each(["%", "€", "\u{1f600}"])(
    "takes at most 768 bytes behind its namespace, whatever it is made of: %s",
    (sign) => {
      const bytes = Array.from({ length: 300 }, (_, count) =>
        Buffer.byteLength(keyOf(plainIds("user")([sign.repeat(count)]))),
      );
      expect(Math.max(...bytes)).toBeLessThanOrEqual("user:".length + 768);
    },
  );
});
