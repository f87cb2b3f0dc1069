import { packageTests } from "@tooling/vitest";

export default packageTests({ name: "lru", isolate: false });
