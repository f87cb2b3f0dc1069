import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { Fleet } from "../scenarios/l1-l2/fleet.ts";
import { valuesIn } from "../scenarios/values-in.ts";

let fleet: Fleet;

beforeEach(() => {
  fleet = new Fleet();
});

const plain = () => fleet.process().namespace<string>("user");
const composed = () =>
  fleet.process().namespace<string, readonly (string | number | bigint | boolean)[]>("user", {
    key: (...parts) => parts,
  });

const longKey = "k".repeat(1_024);
/** What the cache makes of {@link longKey}: somebody who knows how may hand it in himself. */
const shortForm = `${longKey.slice(0, 216)}%#${createHash("sha256").update(longKey).digest("base64url")}`;

const ordinaryKeys: readonly (readonly [number, string, string])[] = [
  [1, "empty", ""],
  [12, "a space", " "],
  [12, "only spaces", "   "],
  [13, "a word after a space", " a"],
  [13, "a word before a space", "a "],
  [13, "that word alone", "a"],
  [14, "NUL", "\0"],
  [14, "a word with NUL inside", "a\0b"],
  [15, "text of the protocol", "a\r\nDEL user:1\r\n"],
  [15, "two lines", "a\nb"],
  [16, "as long as stands for itself", "k".repeat(256)],
  [16, "one sign longer", "k".repeat(257)],
  [16, "1 KiB long", longKey],
  [16, "1 KiB long and another at its end", `${longKey.slice(1)}l`],
  [16, "as long as is allowed, behind another part", "k".repeat(65_534)],
  [19, "é as one sign (NFC)", "\u00e9"],
  [19, "é as two signs (NFD)", "e\u0301"],
  [20, "the sign that stands in for broken text", "\ufffd"],
  [20, "a well-formed pair of surrogates", "\ud83d\ude00"],
  [21, "a byte order mark", "\ufeff"],
  [21, "a right-to-left mark", "\u200fa"],
  [21, "a zero width joiner", "a\u200db"],
  [22, "{}", "{}"],
  [22, "{}x", "{}x"],
  [22, "{a}{b}", "{a}{b}"],
  [22, "a{", "a{"],
  [22, "}a{", "}a{"],
  [23, "*", "*"],
  [23, "?", "?"],
  [23, "[a-z]", "[a-z]"],
  [23, "an escaped *", "\\*"],
  [24, "__proto__", "__proto__"],
  [24, "constructor", "constructor"],
  [24, "toString", "toString"],
  [24, "hasOwnProperty", "hasOwnProperty"],
  [25, "a key of the remote tier", "user:1"],
  [25, "that key, escaped already", "user%3A1"],
  [25, "that key, escaped twice", "user%253A1"],
  [25, "the short form of a long key", shortForm],
  [25, "that form, escaped", shortForm.replace("%", "%25")],
  [25, "the mark of short forms", "%#"],
  [25, "a key like those of tags", "user:t:a"],
  [25, "a key like that of a generation", "gen"],
  [25, "a key like a lock's", "user:1:lock"],
  [26, "lower case", "abc"],
  [26, "upper case", "ABC"],
];

const allKeys = [...new Set(ordinaryKeys.map(([, , key]) => key))];

describe("a string is a key of its own, taken literally, in every tier:", () => {
  test.each(ordinaryKeys)("case %i, %s", async (_case, _kind, key) => {
    expect(await plain().set(key, "own")).toEqual({ status: "done" });
    const elsewhere = plain();
    const found = await elsewhere.getMany(allKeys);
    expect(allKeys.filter((_key, index) => found[index] !== undefined)).toEqual([key]);
    expect(await elsewhere.delete(key)).toEqual({ status: "done" });
    expect(await plain().get(key)).toBeUndefined();
  });

  test.each(ordinaryKeys)("case %i, %s, also as a part among others", async (_case, _kind, key) => {
    await composed().set(["a", key], "own");
    const elsewhere = composed();
    const found = await elsewhere.getMany(allKeys.map((other) => ["a", other]));
    expect(allKeys.filter((_key, index) => found[index] !== undefined)).toEqual([key]);
    expect(await elsewhere.get("b", key)).toBeUndefined();
  });
});

describe("what is no key is refused with INVALID_KEY, loads nothing and leaves no trace:", () => {
  const refused = (shown: string) =>
    expect.objectContaining({
      code: "INVALID_KEY",
      message: expect.stringContaining(`of namespace "user" is ${shown};`),
    });

  const notStrings: readonly (readonly [number, string, readonly [key: unknown, shown: string]])[] = [
    [2, "undefined", [undefined, "undefined"]],
    [3, "null", [null, "null"]],
    [4, "a number", [7, "7"]],
    [5, "NaN", [Number.NaN, "NaN"]],
    [6, "a boolean", [true, "true"]],
    [7, "a symbol", [Symbol("a"), "a symbol"]],
    [8, "an object", [{ id: 1 }, "an object"]],
    [9, "an array", [["a"], "an array"]],
    [10, "a Buffer", [Buffer.from("a"), "an object"]],
    [11, "a function", [() => "a", "a function"]],
  ];

  test.each(notStrings)("case %i, %s where a string is the key", async (_case, _kind, [key, shown]) => {
    const load = vi.fn(() => "loaded");
    const users = fleet.process().namespace("user", { load });
    const tuple = [key] as never;
    await expect(users.get(key as never)).rejects.toEqual(refused(shown));
    await expect(users.getOrLoad(tuple, load)).rejects.toEqual(refused(shown));
    await expect(users.getMany(["good", tuple])).rejects.toEqual(refused(shown));
    await expect(users.set(tuple, "v")).rejects.toEqual(refused(shown));
    await expect(users.delete(key as never)).rejects.toEqual(refused(shown));
    await expect(users.invalidate(key as never)).rejects.toEqual(refused(shown));
    expect(() => users.peek(key as never)).toThrow(refused(shown));
    await fleet.settled();
    expect(load).not.toHaveBeenCalled();
    expect(fleet.shared.count()).toBe(0);
  });

  const notParts: typeof notStrings = [
    ...notStrings.filter(([id]) => id !== 4 && id !== 6),
    [5, "Infinity", [Number.POSITIVE_INFINITY, "Infinity"]],
    [8, "a boxed string", [Object("a"), "an object"]],
  ];

  test.each(notParts)("case %i, %s among the parts of a key", async (_case, _kind, [part, shown]) => {
    const load = vi.fn(() => "loaded");
    const users = fleet.process().namespace("user", { key: (a: string, b: string) => [a, b], load });
    await expect(users.get("a", part as never)).rejects.toEqual(refused(shown));
    await expect(users.set(["a", part as never], "v")).rejects.toEqual(refused(shown));
    await expect(users.getMany([["a", part as never]])).rejects.toThrow(/^Part 2 of a key/);
    expect(load).not.toHaveBeenCalled();
    expect(fleet.shared.count()).toBe(0);
  });

  test.each([
    [20, "a lone high surrogate", "\ud83d"],
    [20, "a lone low surrogate", "a\ude00"],
  ])("case %i, %s, which would meet with others in one key", async (_case, _kind, key) => {
    const load = vi.fn(() => "loaded");
    const users = fleet.process().namespace("user", { load });
    const pairs = fleet.process().namespace("pair", { key: (a: string, b: string) => [a, b], load });
    for (const call of [users.get(key), users.getMany(["a", key]), users.set(key, "v"), users.delete(key)])
      await expect(call).rejects.toMatchObject({ code: "INVALID_KEY" });
    await expect(pairs.get("a", key)).rejects.toMatchObject({ code: "INVALID_KEY" });
    expect(() => users.peek(key)).toThrow(expect.objectContaining({ code: "INVALID_KEY" }));
    expect(load).not.toHaveBeenCalled();
    expect(fleet.shared.count()).toBe(0);
  });
});

describe("a key that is too long is refused by its length, loads nothing and leaves no trace:", () => {
  // Made where it is needed: a report that shows the rows of a table would write them out.
  test.each<[number, string, { readonly units: number; readonly make: () => string }]>([
    [16, "a sign too long", { units: 65_537, make: () => "k".repeat(65_537) }],
    [16, "too long with its escapes", { units: 65_538, make: () => ":".repeat(21_846) }],
    [17, "1 MiB", { units: 1_048_576, make: () => "k".repeat(1_048_576) }],
    [18, "600 MiB in UTF-8", { units: 209_715_200, make: () => "\u20ac".repeat(209_715_200) }],
    [18, "as long as a string can be, of signs to escape", { units: 536_870_888, make: () => ":".repeat(536_870_888) }],
  ])("case %i, %s", async (_case, _kind, { units, make }) => {
    const load = vi.fn(() => "loaded");
    const users = fleet.process().namespace("user", { load });
    const pairs = fleet.process().namespace("pair", { key: (a: number, b: string) => [a, b], load });
    const key = make();
    const refused = (what: string, length: number) =>
      expect.objectContaining({
        code: "INVALID_KEY",
        message: `${what} ${length} UTF-16 units long; allowed are at most 65536; hash what is longer.`,
      });
    const plainly = refused('A key of namespace "user" is', units);
    for (const call of [users.get(key), users.getMany(["a", key]), users.set(key, "v"), users.delete(key)])
      await expect(call).rejects.toEqual(plainly);
    await expect(users.getOrLoad(key, load)).rejects.toEqual(plainly);
    await expect(users.read(key)).rejects.toEqual(plainly);
    expect(() => users.peek(key)).toThrow(plainly);
    const asPart = refused('Part 2 makes a key of namespace "pair"', units + 1);
    await expect(pairs.get(1, key)).rejects.toEqual(asPart);
    await fleet.settled();
    expect(load).not.toHaveBeenCalled();
    expect(fleet.shared.count()).toBe(0);
  });
});

describe("the parts of a key", () => {
  type Parts = readonly (string | number | bigint | boolean)[];

  test.each<[number, Parts, Parts]>([
    [4, [1], ["1"]],
    [4, [-0], ["0"]],
    [4, [1.5], ["1.5"]],
    [4, [10n], [10]],
    [6, [true], ["true"]],
  ])("case %i: %o is the same key as %o", async (_case, parts, same) => {
    await composed().set(parts, "own");
    expect(await composed().get(...same)).toBe("own");
  });

  test.each<[number, Parts, Parts]>([
    [25, ["a:b", "c"], ["a", "b:c"]],
    [25, ["a", "b"], ["a:b"]],
    [25, ["a%3Ab"], ["a:b"]],
    [25, ["", "a"], ["a", ""]],
    [25, [""], ["", ""]],
    [25, ["a:"], ["a", ""]],
    [25, [1, 23], [12, 3]],
    [19, ["\u00e9"], ["e\u0301"]],
    [26, ["A"], ["a"]],
  ])("case %i: %o is another key than %o", async (_case, parts, other) => {
    await composed().set(parts, "own");
    await fleet.settled();
    expect(await composed().get(...other)).toBeUndefined();
    expect(await composed().get(...parts)).toBe("own");
  });

  test("case 25: the same id in two namespaces, one of which is named like the other's key, is two keys", async () => {
    await fleet.process().namespace<string>("a").set("b:1", "in a");
    await fleet.process().namespace<string>("a.b").set("1", "in a.b");
    expect(await fleet.process().namespace<string>("a").get("b:1")).toBe("in a");
    expect(await fleet.process().namespace<string>("a.b").get("1")).toBe("in a.b");
  });

  test.each([
    [22, "{a}"],
    [22, "{}x"],
    [22, "}a{"],
    [22, "{user}:1"],
  ])("case %i: %s does not choose the slot of a cluster", async (_case, key) => {
    await plain().set(key, "own");
    await composed().set(["x", key], "own");
    for (const written of valuesIn(fleet.shared).writes) expect(written).not.toMatch(/[{}]/);
  });

  test("a key without any parts is refused", async () => {
    await expect(composed().get()).rejects.toThrow('The key of namespace "user" has no parts.');
  });
});
