import { packageTests } from "@tooling/vitest";

export default packageTests({ name: "bench", alone: true });
