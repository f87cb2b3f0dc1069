import { expect, test } from "vitest";
import { json } from "./json.ts";

test("what is written is JSON, readable by eye", () => {
  expect(new TextDecoder().decode(json.encode({ name: "Ada", tags: ["é"] }, "user:1"))).toBe(
    '{"name":"Ada","tags":["é"]}',
  );
});

test("what JSON has no form for is refused", () => {
  for (const value of [undefined, () => 1, Symbol("a"), 1n]) expect(() => json.encode(value, "a:1")).toThrow(TypeError);
});

test("bytes that are no JSON are refused, and the error quotes none of them", () => {
  for (const text of ["secret text", '{"secret', ""]) {
    expect(() => json.decode(Buffer.from(text), "a:1")).toThrow(
      expect.objectContaining({ code: "INVALID_VALUE", message: "These bytes hold no JSON." }),
    );
  }
});

test("bytes that are not well-formed UTF-8 are refused instead of mended", () => {
  expect(() => json.decode(Buffer.from([0x22, 0xff, 0x22]), "a:1")).toThrow("These bytes hold no JSON.");
});
