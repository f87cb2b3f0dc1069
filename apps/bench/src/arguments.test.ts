import { expect, test } from "vitest";
import { argumentsIn } from "./arguments.ts";

test("without arguments everything is measured, and shown as a table", () => {
  expect(argumentsIn([])).toMatchObject({ only: [], json: undefined, write: false, effort: { name: "full" } });
});

test("figures go into a file, or to the terminal where none is named", () => {
  expect(argumentsIn(["--json", "out.json"]).json).toBe("out.json");
  expect(argumentsIn(["--json"]).json).toBe("-");
  expect(argumentsIn(["--json", "--quick"])).toMatchObject({ json: "-", effort: { name: "quick" } });
});

test("cases are named one by one or together", () => {
  expect(argumentsIn(["--only", "miss,l1", "--only", "batch"]).only).toEqual(["miss", "l1", "batch"]);
});

test("what is not known is refused", () => {
  expect(() => argumentsIn(["--fast"])).toThrow("--fast");
});
