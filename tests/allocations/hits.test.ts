import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const run = promisify(execFile);

/** Bytes that one hit allocates, by the way it is asked for. */
interface Allocations {
  readonly anObject: number;
  readonly get: number;
  readonly getOrLoad: number;
  readonly peek: number;
  readonly getTagged: number;
  readonly getByParts: number;
  readonly sawSomething: boolean;
}

async function counted(...kind: readonly string[]): Promise<Allocations> {
  const script = join(import.meta.dirname, "hits.ts");
  const roomy = ["--min-semi-space-size=512", "--max-semi-space-size=1024"];
  const flags = ["--conditions=@tiercache/source", ...roomy];
  const { stdout } = await run(process.execPath, [...flags, script, ...kind]);
  return JSON.parse(stdout) as Allocations;
}

const worlds = [
  { world: "the system clock", kind: ["system"] },
  { world: "the coarse clock", kind: ["coarse"] },
  { world: "an observer", kind: ["system", "nobody"] },
];

describe.each(worlds)("with $world", ({ kind }) => {
  test("a hit by a string allocates nothing, tagged or not, with every feature of freshness switched on", async () => {
    const { anObject, get, getOrLoad, peek, getTagged, sawSomething } = await counted(...kind);
    expect(sawSomething).toBe(true);
    // The count does see an allocation, be it the smallest.
    expect(anObject).toBeGreaterThanOrEqual(16);
    expect({ get, getOrLoad, peek, getTagged }).toEqual({
      get: expect.closeTo(0, 0),
      getOrLoad: expect.closeTo(0, 0),
      peek: expect.closeTo(0, 0),
      getTagged: expect.closeTo(0, 0),
    });
  });
});
