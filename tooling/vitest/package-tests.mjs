import { defineConfig } from "vitest/config";

/**
 * How every package is tested: on the TypeScript sources of the whole workspace, without a build.
 * `types: true` also runs the `*.test-d.ts` files through the compiler.
 *
 * @param {{ name: string, types?: boolean, include?: readonly string[] }} options
 */
export function packageTests({ name, types = false, include = ["**/*.test.{ts,mjs}"] }) {
  return defineConfig({
    ssr: { resolve: { conditions: ["@tiercache/source", "module", "node", "development|production"] } },
    test: {
      name,
      include,
      // Servers are started, packages installed and thousands of orders looked at inside tests: generous deadlines, never a measure of speed.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      typecheck: { enabled: types, include: ["**/*.test-d.ts"], tsconfig: "tsconfig.json" },
    },
  });
}
