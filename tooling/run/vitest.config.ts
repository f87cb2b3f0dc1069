import { packageTests } from "../vitest/package-tests.mjs";

export default packageTests({ name: "run" });
