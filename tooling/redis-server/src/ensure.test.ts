import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const importFrom = /^(?:import|export)\b[^;]*?\bfrom "([^"]+)";/gm;

/** What a module imports, and what that imports, but for Node's own. */
async function importsOf(path: string, seen: Set<string> = new Set()): Promise<ReadonlySet<string>> {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!path.startsWith("/")) return seen;
  for (const [, name = ""] of (await readFile(path, "utf8")).matchAll(importFrom)) {
    if (name.startsWith("node:")) continue;
    await importsOf(name.startsWith(".") ? join(dirname(path), name) : name, seen);
  }
  return seen;
}

test("a server is fetched while dependencies are being installed, so nothing that does so needs any", async () => {
  const imports = [...(await importsOf(join(import.meta.dirname, "ensure.ts")))];
  expect(imports.length).toBeGreaterThan(3);
  expect(imports.filter((name) => !name.startsWith("/"))).toEqual([]);
});
