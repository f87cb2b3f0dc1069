import { packageTests } from "@tooling/vitest";

export default packageTests({ name: "core", isolate: false });
