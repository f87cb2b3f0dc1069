import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const here = import.meta.dirname;
const root = join(here, "..");

interface Example {
  /** The file and line it stands at. */
  readonly place: string;
  readonly source: string;
}

/** A test runner, or what only the environment of a service has. */
const NEEDS_MORE = /from "vitest"|process\.env/;

/**
 * Every fenced piece of TypeScript that imports something, in the sources' comments, the packages' READMEs and the docs. Those for
 * test files need a test runner: the packages' own tests are written like them.
 */
function examples(): readonly Example[] {
  const files = globSync(["packages/*/src/**/*.ts", "packages/*/README.md", "docs/*.md"], { cwd: root });
  return files.toSorted().flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    const fenced = file.endsWith(".md") ? /^```ts\n(.*?)^```/gms : /^ *\* ```ts\n(.*?)^ *\* ```/gms;
    return [...text.matchAll(fenced)].flatMap(({ 1: block = "", index }) => {
      const source = file.endsWith(".md") ? block : block.replaceAll(/^ *\* ?/gm, "");
      const line = text.slice(0, index).split("\n").length;
      return source.includes("import ") && !NEEDS_MORE.test(source)
        ? { place: `${relative(root, join(root, file))}:${line}`, source }
        : [];
    });
  });
}

/** What the example says that it prints: the comments behind its `console.log`s, without marks and spaces. */
function promised(source: string): readonly string[] {
  return source.split("\n").flatMap((line) => {
    const comment = /console\.log\(.*\); \/\/ (.+)$/.exec(line)?.[1];
    return comment === undefined ? [] : bare(comment);
  });
}

function bare(text: string): string {
  return text.replaceAll(/["'` ]/g, "");
}

let folder: string;

beforeAll(async () => {
  // Inside the workspace, so that the packages are found as a user's would be.
  folder = await mkdtemp(join(here, ".examples-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(examples())("the example at $place runs and prints what it says", async ({ place, source }) => {
  const file = join(folder, `${place.replaceAll(/\W/g, "-")}.mts`);
  await writeFile(file, source);
  const { stdout } = await run(process.execPath, ["--conditions=@tiercache/source", "--no-warnings", file], {
    cwd: here,
  });
  const printed = bare(stdout).trim().split("\n").filter(Boolean);
  const expected = promised(source);
  for (const [index, line] of expected.entries())
    expect(line.startsWith(printed[index] ?? "nothing was printed")).toBe(true);
});
