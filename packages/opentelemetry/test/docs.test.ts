import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attributeNames, type InstrumentShape } from "../src/instrument-shape.ts";
import { counters, histograms, observables } from "../src/instruments.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/telemetry.md"), "utf8");

interface Row {
  readonly kind: string;
  readonly unit: string;
  readonly attributes: readonly string[];
  readonly description: string;
}

/** The rows of the page's table of instruments, by name. */
function documented(): ReadonlyMap<string, Row> {
  const rows = [...page.matchAll(/^\| `(cache\.[\w.]+)` \| ([\w\- ]+) \| `([^`]+)` \| ([^|]+) \| ([^|]+) \|$/gm)];
  return new Map(
    rows.map(([, name = "", kind = "", unit = "", attributes = "", description = ""]) => {
      const names = [...attributes.matchAll(/`([^`]+)`/g)].map(([, attribute = ""]) => attribute);
      return [name, { kind, unit, attributes: names, description: description.trim() }];
    }),
  );
}

function row(kind: string, { unit, attributes, description }: InstrumentShape): Row {
  return { kind, unit, attributes, description };
}

const made: ReadonlyMap<string, Row> = new Map([
  ...Object.entries(counters).map(([name, shape]) => [name, row("counter", shape)] as const),
  ...Object.entries(histograms).map(([name, shape]) => [name, row("histogram", shape)] as const),
  ...Object.entries(observables).map(([name, shape]) => [name, row(shape.kind, shape)] as const),
]);

test("the page lists every instrument as it is made, and no other", () => {
  expect(Object.fromEntries(documented())).toEqual(Object.fromEntries(made));
});

test("names and units are as the semantic conventions write them", () => {
  for (const [name, { unit }] of made) {
    expect(name).toMatch(/^cache(\.[a-z][a-z_]*[a-z])+$/);
    expect(unit).toMatch(/^(s|By|1|\{[a-z]+\})$/);
  }
});

test("no name is the beginning of another one's path", () => {
  const names = [...made.keys()];
  for (const name of names) expect(names.filter((other) => other.startsWith(`${name}.`))).toEqual([]);
});

test("attributes are a handful, of which none is a key", () => {
  const known: readonly string[] = Object.values(attributeNames);
  for (const { attributes } of made.values()) for (const attribute of attributes) expect(known).toContain(attribute);
  expect(known.filter((name) => /key|id$/.test(name))).toEqual([]);
});

test("the page says what each attribute can be", () => {
  for (const attribute of Object.values(attributeNames))
    expect(page).toMatch(new RegExp(`^\\| \`${attribute}\` \\| .+ \\|$`, "m"));
});
