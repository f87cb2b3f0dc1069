import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { MUTATIONS, mutationNamed } from "../src/mutations/all-mutations.ts";
import { edited } from "../src/mutations/mutation.ts";
import { explored, noticed } from "../src/mutations/noticed.ts";

const ROOT = join(import.meta.dirname, "../../..");
/** Mostly half a minute. A run that has not noticed anything is repeated for longer. */
const WITHIN_MS = 600_000;

test.each(MUTATIONS)("the mutation $name fits the sources that it changes", async ({ edits }) => {
  for (const edit of edits) {
    const source = await readFile(join(ROOT, edit.file), "utf8");
    expect(edited(source, edit)).not.toBe(source);
  }
});

test("a mutation whose text is not in its file, or more than once, is refused", () => {
  const edit = { file: "file.ts", text: "a", replacement: "" };
  expect(() => edited("b", edit)).toThrow("wants its text once in file.ts, where it stands 0 times: a");
  expect(() => edited("a a", edit)).toThrow("where it stands 2 times");
});

test("a name that no mutation has is refused", () => {
  expect(() => mutationNamed("no-thing")).toThrow("There is no mutation no-thing; one of commit-without-compare");
});

test("with all defences the explorer finds no order in which anything older is read", {
  timeout: WITHIN_MS,
}, async () => {
  expect(await explored()).toMatchObject({ holds: true });
});

// The defences that the design names. All others too: pnpm consistency:mutations. A few at a time: most of a run is waiting.
describe.concurrent("a defence that is missing is noticed:", () => {
  test.for([
    "commit-without-compare",
    "flights-not-poisoned",
    "no-second-drop",
    "no-epoch",
    "no-certificate",
    "no-outbox",
    "outbox-after-reads",
    "no-journal",
    "tokens-are-counters",
    "tokens-after-the-load",
  ])("%s", { timeout: WITHIN_MS }, async (name) => {
    expect(await noticed(mutationNamed(name))).toMatch(/^the (explorer:|checker in )/);
  });
});
