import { describe, expect, test } from "vitest";
import { composedIds, plainIds, remoteKey } from "./key.ts";

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

describe("a remote key", () => {
  test("begins with prefix and namespace and escapes a bare id", () => {
    expect(remoteKey("app:user", "a:b", false)).toBe("app:user:a%3Ab");
  });

  test("does not escape composed ids again", () => {
    expect(remoteKey("match", parts(["a:b", 1]), true)).toBe("match:a%3Ab:1");
  });

  test("is refused for a lone surrogate, which UTF-8 cannot tell from another", () => {
    expect(() => remoteKey("user", "\ud800", false)).toThrow(expect.objectContaining({ code: "INVALID_KEY" }));
  });
});
