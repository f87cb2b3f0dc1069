import { packageTests } from "@tooling/vitest";

export default packageTests({ name: "tests", types: true, isolate: false, maxConcurrency: 4 });
