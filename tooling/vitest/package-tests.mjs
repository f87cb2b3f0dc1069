import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const cores = availableParallelism();

/** One core is left to the servers that tests start; of two both are used, as much of what is done is waiting. */
const WORKERS = Math.max(Math.min(cores, 2), cores - 1);

/**
 * How every package is tested: on the TypeScript sources of the whole workspace, without a build.
 *
 * - `types`: also runs the `*.test-d.ts` files through the compiler.
 * - `alone`: one file at a time, when those of all others have ended: for what asks much of a machine, and is itself about time.
 * - `isolate`: `false` for files that leave nothing behind and so can follow one another in a process: starting one for
 *   each, and loading the sources in it, takes longer than most of them.
 * - `maxConcurrency`: how many of the tests that a file calls concurrent go on at a time.
 *
 * @param {{ name: string, types?: boolean, include?: readonly string[], alone?: boolean, isolate?: boolean, maxConcurrency?: number }} options
 */
export function packageTests({
  name,
  types = false,
  include = ["**/*.test.{ts,mjs}"],
  alone = false,
  isolate = true,
  maxConcurrency = 1,
}) {
  return defineConfig({
    ssr: { resolve: { conditions: ["@tiercache/source", "module", "node", "development|production"] } },
    test: {
      name,
      include,
      isolate,
      maxConcurrency,
      maxWorkers: alone ? 1 : WORKERS,
      sequence: { groupOrder: alone ? 1 : 0 },
      // Servers are started, packages installed and thousands of orders looked at inside tests: generous deadlines, never a measure of speed.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      typecheck: { enabled: types, include: ["**/*.test-d.ts"], tsconfig: "tsconfig.json" },
    },
  });
}
