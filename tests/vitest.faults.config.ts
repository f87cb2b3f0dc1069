import { packageTests } from "@tooling/vitest";
import { mergeConfig } from "vitest/config";

/** The rows of the fault matrix: slow, as servers take their time to fail over. Run by `npm run test:faults`. */
export default mergeConfig(packageTests({ name: "faults" }), {
  test: { include: ["faults/**/*.faults.ts"], exclude: ["**/node_modules/**"], hookTimeout: 120_000 },
});
