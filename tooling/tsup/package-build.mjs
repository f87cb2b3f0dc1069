import { defineConfig } from "tsup";

/**
 * How every published package is built: ES modules, CommonJS and types from the one entry `src/index.ts`.
 * The builder stands in this file alone, so that it can be changed here.
 */
export const packageBuild = defineConfig({
  entry: ["src/index.ts"],
  format: ["esm", "cjs"],
  dts: { compilerOptions: { customConditions: [], incremental: false } },
  platform: "node",
  target: "node22",
  clean: true,
  treeshake: true,
  sourcemap: false,
});
