import { packageTests } from "@tooling/vitest";

export default packageTests({ name: "opentelemetry", isolate: false });
