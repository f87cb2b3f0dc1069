import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import { afterEach, beforeEach, expect, test } from "vitest";
import borders from "./borders.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const core = "packages/core/src";

let copy;
let home;

beforeEach(() => {
  home = process.cwd();
  copy = mkdtempSync(join(tmpdir(), "tiercache-borders-"));
  cpSync(join(root, core), join(copy, core), { recursive: true, filter: (path) => !path.endsWith(".test.ts") });
  for (const folder of ["apps", "tooling", "tests"]) mkdirSync(join(copy, folder));
  writeFileSync(join(copy, "package.json"), "{}");
});

afterEach(() => {
  rmSync(copy, { recursive: true, force: true });
});

/** The names of the rules that the copy of the core breaks once a file has been planted in it. */
async function brokenBy(file, source) {
  if (file !== undefined) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), source);
  }
  const options = { ...borders.options, ruleSet: { forbidden: borders.forbidden }, validate: true, baseDir: copy };
  const { output } = await cruise(["packages"], options);
  expect(process.cwd()).toBe(home);
  return [...new Set(output.summary.violations.map(({ rule }) => rule.name))];
}

test("the core as it is breaks no rule", async () => {
  expect(await brokenBy()).toEqual([]);
});

test("a room that knows a later one is refused, also when it knows only a type of it", async () => {
  const source = 'import type { Stack } from "../stack.ts";\nexport type Planted = Stack;\n';
  expect(await brokenBy(`${core}/contracts/planted.ts`, source)).toContain("core-rooms-in-one-direction");
});

test("two files of one room that know each other are refused", async () => {
  writeFileSync(join(copy, core, "entry/one.ts"), 'import type { Two } from "./two.ts";\nexport type One = Two;\n');
  const source = 'import type { One } from "./one.ts";\nexport type Two = One | 2;\n';
  expect(await brokenBy(`${core}/entry/two.ts`, source)).toContain("no-cycles");
});

test("a room that has no place in the order is refused", async () => {
  const source = 'import { CacheError } from "../errors.ts";\nexport const planted = CacheError;\n';
  expect(await brokenBy(`${core}/attic/planted.ts`, source)).toContain("core-every-room-is-listed");
});

test("a core that knows another package is refused", async () => {
  mkdirSync(join(copy, "packages/lru/src"), { recursive: true });
  writeFileSync(join(copy, "packages/lru/src/index.ts"), "export const lru = 1;\n");
  const source = 'export { lru } from "../../../lru/src/index.ts";\n';
  expect(await brokenBy(`${core}/read/planted.ts`, source)).toContain("core-knows-no-package");
});

test("a package that enters another by an inner file is refused", async () => {
  const source = 'export { Lifetime } from "../../core/src/lifetime.ts";\n';
  expect(await brokenBy("packages/lru/src/planted.ts", source)).toContain("packages-are-entered-by-their-index");
});

test("two satellites that know each other are refused", async () => {
  mkdirSync(join(copy, "packages/lru/src"), { recursive: true });
  writeFileSync(join(copy, "packages/lru/src/index.ts"), "export const lru = 1;\n");
  const source = 'export { lru } from "../../lru/src/index.ts";\n';
  expect(await brokenBy("packages/redis/src/index.ts", source)).toContain("satellites-know-the-core-alone");
});
