import { describe, expect, it } from "vitest";
import { Operators } from "./operators.ts";

const token = "sixteen-or-more!";

describe("Operators", () => {
  it("knows those who have the token", () => {
    const operators = new Operators(token);
    expect(operators.areAsking(`Bearer ${token}`)).toBe(true);
    expect(operators.areAsking(`bearer ${token}`)).toBe(true);
  });

  it.each([
    undefined,
    "",
    "Bearer",
    "Bearer ",
    token,
    `Basic ${token}`,
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
  ])("does not know %j", (authorization) => {
    expect(new Operators(token).areAsking(authorization)).toBe(false);
  });

  it("knows nobody where there is no token", () => {
    for (const operators of [new Operators(undefined), Operators.from({}), Operators.from({ MANAGEMENT_TOKEN: "" })]) {
      expect(operators.isConfigured).toBe(false);
      for (const authorization of [undefined, "Bearer undefined", "Bearer "]) {
        expect(operators.areAsking(authorization)).toBe(false);
      }
    }
  });

  it.each(["too-short", "with a space in it.", "with-ünicode-in-it"])(
    "refuses the token %s without repeating it",
    (bad) => {
      expect(() => Operators.from({ MANAGEMENT_TOKEN: bad })).toThrow(/^MANAGEMENT_TOKEN is refused; allowed are 16/);
      expect(() => Operators.from({ MANAGEMENT_TOKEN: bad })).not.toThrow(bad);
    },
  );
});
