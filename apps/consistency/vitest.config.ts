import { packageTests } from "@tooling/vitest";

export default packageTests({ name: "consistency", alone: true, maxConcurrency: 3 });
