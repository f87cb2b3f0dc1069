import { expect, test } from "vitest";
import { KeyPattern, patternPart } from "./key-pattern.ts";

function matches(pattern: string, text: string): boolean | undefined {
  return KeyPattern.of(pattern)?.matches(text);
}

test.each([
  ["1234:*", "1234:", true],
  ["1234:*", "1234:5:6", true],
  ["1234:*", "12345:6", false],
  ["1234:*", "1234", false],
  ["a*b*c", "aXbYbZc", true],
  ["a*b*c", "aXbYbZcd", false],
  ["a*bc", "abcbcbc", true],
  ["*", "", true],
  ["?", "", false],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["a?c", "a🙂c", true],
  ["a??c", "a🙂c", false],
  ["*?", "🙂", true],
  ["*??", "🙂", false],
  ["**a***", "a", true],
  ["\\*:*", "*:1", true],
  ["\\*:*", "a:1", false],
  ["a\\?", "a?", true],
  ["a\\?", "ab", false],
  ["a\\\\b", "a\\b", true],
  ["[ab]*", "a", false],
  ["[ab]*", "[ab]c", true],
  ["a[", "a[", true],
  ["(a+)+$", "aaaa", false],
  ["a.c", "abc", false],
  ["^a", "^a", true],
  ["", "", undefined],
  ["a\\", "a", undefined],
  ["a\\b", "ab", undefined],
  ["\ud800", "a", undefined],
] as const)("%j says of %j: %s", (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected);
});

test("a pattern made to go back for ever comes to an end", () => {
  const text = "a".repeat(768);
  for (const pattern of [`${"*a".repeat(500)}b`, `${"*".repeat(1_000)}b`, `${"*?".repeat(500)}b`, "a*".repeat(500)]) {
    expect(matches(pattern, text)).toBe(pattern === "a*".repeat(500));
  }
});

test.each([
  ["1234:*", "1234:"],
  ["a", "a"],
  ["a\\*b?c", "a*b"],
  ["*a", ""],
])("every key that matches %j begins with %j", (pattern, prefix) => {
  expect(KeyPattern.of(pattern)?.prefix).toBe(prefix);
});

test.each(["*", "a:b", "?*\\", "50%", "{x}", "[a", 7, 7n, true, ""])("the part %s matches itself alone", (part) => {
  const pattern = KeyPattern.of(`p${patternPart(part)}`);
  expect(pattern?.prefix).toBe(pattern && `p${patternPart(part).replace(/\\(.)/g, "$1")}`);
});

test.each([undefined, null, {}, [], Number.NaN, /a/])(
  "what is no part of a key is no part of a pattern: %j",
  (part) => {
    expect(() => patternPart(part as never)).toThrow("allowed is a string, a finite number, a bigint or a boolean");
  },
);
