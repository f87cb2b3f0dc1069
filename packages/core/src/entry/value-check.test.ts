import { describe, expect, test, vi } from "vitest";
import type { Schema, SchemaResult } from "../contracts/schema.ts";
import { ValueCheck, type ValueCheckParts } from "./value-check.ts";

function check(parts: Partial<ValueCheckParts<unknown>>): ValueCheck<unknown> {
  return new ValueCheck({ schema: undefined, schemaVersion: 2, migrate: undefined, ...parts });
}

function schemaOf(
  validate: (value: unknown) => SchemaResult<unknown> | Promise<SchemaResult<unknown>>,
): Schema<unknown> {
  return { "~standard": { version: 1, vendor: "test", validate } };
}

const accepting = schemaOf((value) => ({ value }));
const refusing = schemaOf(() => ({ issues: [{ message: "no" }] }));

describe("a value of today's version", () => {
  test("is what the schema makes of it", async () => {
    const schema = schemaOf((value) => ({ value: `${String(value)}!` }));
    expect(await check({ schema }).check("a", 2)).toEqual({ value: "a!", kind: "changed" });
  });

  test.each(["text", 0, false])("that is %o and left as it is keeps its bytes", async (value) => {
    expect(await check({ schema: accepting }).check(value, 2)).toEqual({ value, kind: "same" });
  });

  test("that is an object may have been changed where it is", async () => {
    const value = { id: "1" };
    const checked = await check({ schema: accepting }).check(value, 2);
    expect(checked).toEqual({ value, kind: "changed" });
    expect(checked).toHaveProperty("value", value);
  });

  test("keeps its bytes where there is no schema", async () => {
    const value = { id: "1" };
    expect(await check({}).check(value, 2)).toEqual({ value, kind: "same" });
  });

  test("that the schema refuses is none, and is handed to migration first", async () => {
    expect(await check({ schema: refusing }).check("a", 2)).toBe("schema-mismatch");
    const migrate = vi.fn(() => "mended");
    expect(await check({ schema: refusing, migrate }).check("a", 2)).toBe("schema-mismatch");
    expect(migrate.mock.calls).toEqual([["a", 2]]);
  });

  test("is refused by a list of no issues too, as the standard has it", async () => {
    expect(await check({ schema: schemaOf(() => ({ issues: [] })) }).check("a", 2)).toBe("schema-mismatch");
  });
});

describe("a value of an earlier version", () => {
  test("is none without migration, whatever the schema would say", async () => {
    expect(await check({ schema: accepting }).check("a", 1)).toBe("schema-mismatch");
    expect(await check({}).check("a", 1)).toBe("schema-mismatch");
  });

  test("is what migration makes of it and the schema of that", async () => {
    const schema = schemaOf((value) => ({ value: `${String(value)}!` }));
    const migrate = (old: unknown, version: number): string => `${String(old)} of ${version}`;
    expect(await check({ schema, migrate }).check("a", 1)).toEqual({ value: "a of 1!", kind: "mended" });
    expect(await check({ migrate }).check("a", 1)).toEqual({ value: "a of 1", kind: "mended" });
  });

  test("may be mended into null", async () => {
    expect(await check({ migrate: () => null }).check("a", 1)).toEqual({ value: null, kind: "mended" });
  });
});

test("that there is no value is of every version, and asks neither schema nor migration", async () => {
  const [schema, migrate] = [schemaOf(vi.fn()), vi.fn()];
  for (const version of [0, 2, 9]) {
    expect(await check({ schema, migrate }).check(undefined, version)).toEqual({ value: undefined, kind: "same" });
  }
  expect(schema["~standard"].validate).not.toHaveBeenCalled();
  expect(migrate).not.toHaveBeenCalled();
});

test.each<[string, Partial<ValueCheckParts<unknown>>]>([
  ["a schema that throws", { schema: schemaOf(() => JSON.parse("{")) }],
  ["a schema that rejects", { schema: schemaOf(() => Promise.reject(new Error("no"))) }],
  ["a schema that answers nothing", { schema: schemaOf(() => undefined as never) }],
  ["a migration that throws", { schema: refusing, migrate: () => JSON.parse("{") }],
  ["a migration that rejects", { schema: refusing, migrate: () => Promise.reject(new Error("no")) }],
])("%s makes a mismatch and never a rejection", async (_kind, parts) => {
  expect(await check(parts).check("a", 2)).toBe("schema-mismatch");
});
