import { packageTests } from "@tooling/vitest";

export default packageTests({ name: "circuit-breaker", isolate: false });
