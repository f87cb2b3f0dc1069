import { packageTests } from "@tooling/vitest";

export default packageTests({ name: "testing", isolate: false });
